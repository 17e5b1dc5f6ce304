// anywidget comes as an AMD module only: it calls define() with the names of what it needs and a factory. esbuild puts this
// function in the place of that global.
export function define(_needs, factory) {
  define.made = factory;
}
