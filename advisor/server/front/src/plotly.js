// plotly.js with only the charts of the workbook: radars (scatterpolar) and bars. It is a third of the whole library.
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import scatterpolar from "plotly.js/lib/scatterpolar";

Plotly.register([bar, scatterpolar]);
window.Plotly = Plotly;
