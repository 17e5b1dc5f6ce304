# What R and its packages psych and lavaan make of answers.csv (synthetic), for the tests to compare with.
# Again: Rscript reference.R   (Debian: apt-get install r-base-core r-cran-psych r-cran-lavaan r-cran-gparotation
# r-cran-jsonlite)
suppressMessages({library(psych); library(lavaan); library(jsonlite)})
items <- read.csv("items.csv", stringsAsFactors = FALSE)
answers <- read.csv("answers.csv")[, items$id]
keyed <- as.data.frame(mapply(function(id, reverse, low, high)
  if (reverse == 1) low + high - answers[[id]] else answers[[id]],
  items$id, items$reverse, items$low, items$high))

# McDonald's omega total of one factor fitted by maximum likelihood, for the sum of unstandardised items
omega_ml <- function(C) {
  fit <- factanal(covmat = cov2cor(C), factors = 1, n.obs = nrow(answers),
                  control = list(opt = list(factr = 1e4, maxit = 10000)))
  loadings <- as.vector(fit$loadings[, 1])
  lambda <- loadings * sqrt(diag(C))
  psi <- (1 - loadings^2) * diag(C)
  list(loadings = loadings, omega = sum(lambda)^2 / (sum(lambda)^2 + sum(psi)))
}

# how well one factor fits those who answered everything: RMSEA of lavaan and of psych, parallel analysis of psych
fit_of <- function(x) {
  x <- na.omit(x)
  measures <- fitMeasures(cfa(paste("f =~", paste(names(x), collapse = " + ")), x, std.lv = TRUE))
  by_psych <- suppressMessages(suppressWarnings(fa(x, nfactors = 1, fm = "ml")))
  set.seed(20261128)
  invisible(capture.output(parallel <- suppressMessages(suppressWarnings(
    fa.parallel(x, fa = "pc", n.iter = 500, quant = .95, plot = FALSE)))))
  list(n = nrow(x), chi2 = measures[["chisq"]], df = measures[["df"]], rmsea = measures[["rmsea"]],
       rmsea_low = measures[["rmsea.ci.lower"]], rmsea_high = measures[["rmsea.ci.upper"]],
       rmsea_psych = if (is.null(by_psych$RMSEA)) NA else by_psych$RMSEA[["RMSEA"]], factors = parallel$ncomp,
       eigenvalues = parallel$pc.values, by_chance = parallel$pc.sim)
}

scale_of <- function(name) {
  ids <- items$id[items$scale == name]
  x <- keyed[, ids]
  whole <- na.omit(x)
  C <- cov(x, use = "pairwise")
  found <- suppressWarnings(psych::alpha(x, warnings = FALSE))
  listwise <- suppressWarnings(psych::alpha(whole, warnings = FALSE))
  bounds <- alpha.ci(found$total$raw_alpha, n.obs = nrow(whole), n.var = ncol(x))
  bounds_complete <- alpha.ci(listwise$total$raw_alpha, n.obs = nrow(whole), n.var = ncol(x))
  ml <- omega_ml(C)
  # psych::omega works on correlations and divides by the observed, not the fitted, variance of the sum
  psych_ml <- suppressMessages(suppressWarnings(fa(cov2cor(C), nfactors = 1, fm = "ml", n.obs = nrow(answers))))
  low <- items$low[items$scale == name][1]; high <- items$high[items$scale == name][1]
  enough <- rowSums(!is.na(x)) >= 0.8 * ncol(x) - 1e-9
  means <- rowMeans(x[enough, ], na.rm = TRUE)
  scores <- 100 * (means - low) / (high - low)
  list(alpha = found$total$raw_alpha, alpha_std = found$total$std.alpha,
       alpha_complete = listwise$total$raw_alpha, n_complete = nrow(whole),
       alpha_low = bounds$lower.ci, alpha_high = bounds$upper.ci,
       complete_low = bounds_complete$lower.ci, complete_high = bounds_complete$upper.ci,
       item_rest = found$item.stats$r.drop, alpha_if_dropped = found$alpha.drop$raw_alpha,
       item_n = found$item.stats$n, item_sd = found$item.stats$sd,
       loadings = ml$loadings, omega_total = ml$omega,
       loadings_psych = as.vector(psych_ml$loadings[, 1]),
       omega_psych = suppressMessages(suppressWarnings(
         omega(cov2cor(C), nfactors = 1, fm = "ml", n.obs = nrow(answers), plot = FALSE)$omega.tot)),
       n = sum(enough), mean = mean(scores), sd = sd(scores),
       sem = sd(scores) * sqrt(1 - found$total$raw_alpha),
       floor = mean(scores == 0), ceiling = mean(scores == 100), scores = replace(rep(NA, nrow(x)), enough, scores))
}

scales <- sapply(unique(items$scale), scale_of, simplify = FALSE)
scores <- sapply(scales, function(one) one$scores)
whole <- na.omit(answers)
D2 <- mahalanobis(whole, colMeans(whole), cov(whole))
# the distance of those who left something out: within the answers they gave, by everybody's pairwise figures
C <- cov(answers, use = "pairwise"); m <- colMeans(answers, na.rm = TRUE)
D2_part <- apply(answers, 1, function(row) { has <- !is.na(row); mahalanobis(row[has], m[has], C[has, has]) })
p_part <- pchisq(D2_part, df = rowSums(!is.na(answers)), lower.tail = FALSE)
# psychometric synonyms: within each person, the correlation over all pairs of items that go together
# in all people; answers as a share of the range of their item
r <- cor(answers, use = "pairwise"); r[lower.tri(r, diag = TRUE)] <- 0
shares <- sweep(sweep(answers, 2, items$low), 2, items$high - items$low, "/")
alike <- function(x, which) { pairs <- base::which(which, arr.ind = TRUE)
  as.vector(apply(x, 1, function(row) suppressWarnings(
    if (sum(!is.na(row[pairs[, 1]] + row[pairs[, 2]])) < 3) NA
    else cor(row[pairs[, 1]], row[pairs[, 2]], use = "complete")))) }
synonyms <- alike(shares, r > .4); antonyms <- alike(shares, r < -.4)
retest <- c(scores[-1, "a"], scores[1, "a"]); noisy <- (scores[, "a"] + retest) / 2
first <- scores[, "a"]; both <- !is.na(first) & !is.na(noisy)
r <- cor(first[both], noisy[both]); sd_first <- sd(first[both])

writeLines(toJSON(list(
  R = R.version.string, psych = as.character(packageVersion("psych")),
  scales = lapply(scales, function(one) one[names(one) != "scores"]),
  lavaan = as.character(packageVersion("lavaan")),
  fit = c(sapply(unique(items$scale), function(name) fit_of(keyed[, items$id[items$scale == name]]), simplify = FALSE),
          list(all = fit_of(keyed))),
  correlations = cor(scores, use = "pairwise"),
  mahalanobis_complete = as.vector(D2), mahalanobis = as.vector(D2_part), mahalanobis_p = as.vector(p_part),
  psych_outlier_complete = as.vector(outlier(whole, plot = FALSE)),
  irv = as.vector(apply(answers[, items$high == 5], 1, sd, na.rm = TRUE)),
  synonyms = synonyms, antonyms = antonyms,
  longstring = as.vector(apply(answers, 1, function(row) max(rle(ifelse(is.na(row), -seq_along(row), row))$lengths))),
  retest = list(r = r, n = sum(both), rci = as.vector((noisy - first) / (sd_first * sqrt(2 * (1 - r))))),
  normal = list(t = as.vector(50 + 10 * scale(scores[, "b"])),
                percentile = as.vector(100 * (rank(scores[, "b"], na.last = "keep") - 0.5) / sum(!is.na(scores[, "b"]))))
), auto_unbox = TRUE, digits = NA, na = "null", pretty = FALSE), "reference.json")
