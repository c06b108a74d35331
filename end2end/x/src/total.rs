//! How many tests passed and failed, read from what each test runner writes.

use anyhow::{Context, Result};
use std::iter::Sum;
use std::ops::Add;

/// Tests counted over all runners. Skipped tests are in neither number.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Total {
    pub passed: u64,
    pub failed: u64,
}

impl Total {
    /// Something that failed before it could report its tests.
    pub const BROKEN: Self = Self { passed: 0, failed: 1 };

    /// From nextest's JUnit file: the counts stand in its root element.
    pub fn from_junit(xml: &str) -> Result<Self> {
        let root = xml.split_once("<testsuites ").context("the JUnit file has no test suites")?.1;
        let root = root.split('>').next().unwrap_or_default();
        let count = |name: &str| -> Result<u64> {
            let (_, value) = root.split_once(&format!("{name}=\"")).with_context(|| format!("no {name} in the JUnit file"))?;
            Ok(value.split('"').next().unwrap_or_default().parse()?)
        };
        let failed = count("failures")? + count("errors")?;
        Ok(Self { passed: count("tests")?.saturating_sub(failed), failed })
    }

    /// From what `cargo test` prints: a line `test result: ok. 3 passed; 0 failed; …` for each binary.
    pub fn from_cargo_test(output: &str) -> Self {
        let results = output.lines().filter_map(|line| line.strip_prefix("test result: "));
        let counted = results.map(|line| {
            let count = |what: &str| {
                let words: Vec<_> = line.split([' ', ';']).collect();
                words.windows(2).find(|pair| pair[1] == what).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
            };
            Self { passed: count("passed"), failed: count("failed") }
        });
        counted.sum()
    }

    /// From Playwright's JSON report. An error outside every test, such as a file that does not load, counts as one.
    pub fn from_playwright(json: &str) -> Result<Self> {
        let report: serde_json::Value = serde_json::from_str(json)?;
        let count = |name: &str| report["stats"][name].as_u64().with_context(|| format!("no {name} in Playwright's report"));
        let errors = report["errors"].as_array().map_or(0, Vec::len) as u64;
        Ok(Self { passed: count("expected")? + count("flaky")?, failed: count("unexpected")? + errors })
    }
}

impl std::fmt::Display for Total {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Add for Total {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Sum for Total {
    fn sum<I: Iterator<Item = Self>>(totals: I) -> Self {
        totals.fold(Self::default(), Self::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest() {
        let xml = r#"<?xml version="1.0"?><testsuites name="all" tests="12" failures="2" errors="1" uuid="x">
            <testsuite name="domain" tests="3" failures="9" errors="0"></testsuite></testsuites>"#;
        assert_eq!(Total::from_junit(xml).unwrap(), Total { passed: 9, failed: 3 });
        assert!(Total::from_junit("").is_err(), "an empty file is no result");
    }

    #[test]
    fn cargo_test() {
        let output = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Total::from_cargo_test(output), Total { passed: 4, failed: 2 });
        assert_eq!(Total::from_cargo_test("error: could not compile"), Total::default());
    }

    #[test]
    fn playwright() {
        let json = r#"{"errors":[{"message":"x"}],"stats":{"expected":5,"unexpected":1,"flaky":0,"skipped":2}}"#;
        assert_eq!(Total::from_playwright(json).unwrap(), Total { passed: 5, failed: 2 });
        assert!(Total::from_playwright("{}").is_err());
    }

    #[test]
    fn the_sum_is_one_plain_line() {
        let total: Total = [Total { passed: 2, failed: 0 }, Total { passed: 1, failed: 1 }].into_iter().sum();
        assert_eq!(total.to_string(), "3 passed, 1 failed");
    }
}
