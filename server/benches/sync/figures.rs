//! What many measurements amount to.

use serde_json::{Value, json};

/// The value that this share of the samples does not exceed; 0 of none.
pub fn percentile(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(at - 1).copied().unwrap_or(0.0)
}

/// By how much `y` rises with each unit of `x`: the line of least squares.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len().max(1) as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let rise: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    if spread > 0.0 { rise / spread } else { 0.0 }
}

pub fn rounded(value: f64) -> Value {
    json!((value * 1_000.0).round() / 1_000.0)
}

/// Milliseconds: half, nearly all and all.
pub fn spread(samples: &[f64]) -> Value {
    let at = |share| rounded(percentile(samples, share));
    json!({ "p50_ms": at(0.5), "p95_ms": at(0.95), "max_ms": at(1.0), "samples": samples.len() })
}
