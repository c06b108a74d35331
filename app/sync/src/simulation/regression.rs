//! Failures of the past, kept as files with their steps, so that they stay mended whatever the seeds come to mean.

use super::{Counters, Failure, Settings, Step, run, shrink, trace};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::Path};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Regression {
    /// What went wrong.
    pub wrong: String,
    pub settings: Settings,
    pub steps: Vec<Step>,
}

impl Regression {
    pub fn of(failure: &Failure) -> Regression {
        Regression { wrong: failure.wrong.to_string(), settings: failure.settings, steps: failure.steps.clone() }
    }

    pub fn run(&self) -> Result<Counters, Box<Failure>> {
        run(self.settings, &self.steps)
    }

    /// Every regression of a folder with its file's name, in the order of names.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file in it is not a regression.
    pub fn read_all(folder: &Path) -> io::Result<Vec<(String, Regression)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                found.push((name, serde_json::from_str(&fs::read_to_string(&path)?)?));
            }
        }
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(found)
    }

    /// Writes the regression into a folder, under its seed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<String> {
        let name = format!("{}-{}.json", self.wrong.split(':').next().unwrap_or("wrong"), self.settings.seed);
        fs::create_dir_all(folder)?;
        fs::write(folder.join(&name), serde_json::to_string_pretty(self)? + "\n")?;
        Ok(name)
    }
}

/// Shrinks a failure, keeps it as a regression and tells it step by step.
pub fn report(failure: &Failure, folder: &Path) -> String {
    let small = shrink(failure);
    let steps: Vec<String> =
        small.steps.iter().map(|step| format!("  {} ms, device {}: {:?}", step.at, step.device, step.what)).collect();
    let kept = match Regression::of(&small).write(folder) {
        Ok(name) => format!("kept as {name}"),
        Err(error) => format!("not kept: {error}"),
    };
    format!(
        "seed {}: {}\n{} of {} steps are enough ({kept}):\n{}\nwhat happened:\n  {}",
        small.settings.seed,
        small.wrong,
        small.steps.len(),
        failure.steps.len(),
        steps.join("\n"),
        trace(small.settings, &small.steps).join("\n  ")
    )
}
