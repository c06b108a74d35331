//! From the moment a device sends an edit until another has been told, and until it has the edit.

use crate::{
    figures::spread,
    line::{Line, is_poke},
    scene::Scene,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::unbounded_channel;

/// More than a listener is left alone after a poke: what is measured is the way, not the pause.
const PAUSE: Duration = Duration::from_millis(300);

pub async fn measure(scene: &Scene, times: usize) -> Value {
    let company = scene.company(1, 10).await;
    let (rep, account) = (company.reps[0], company.accounts[0][0]);
    let mut lines = Vec::new();
    for member in [rep, company.manager_of(0)] {
        let mut line = Line::new(scene.browser(company.org, member).await, company.org, member);
        line.pull().await;
        lines.push(line);
    }
    let [mut writer, mut reader] = <[Line; 2]>::try_from(lines).ok().unwrap();
    let (poked, mut pokes) = unbounded_channel();
    let mut stream = reader.listen().await;
    let listener = tokio::spawn(async move {
        while let Some(piece) = stream.chunk().await.unwrap() {
            if is_poke(&piece) {
                poked.send(Instant::now()).unwrap();
            }
        }
    });
    pokes.recv().await.expect("one at once");
    let (mut told, mut had) = (Vec::new(), Vec::new());
    for at in 0..times {
        tokio::time::sleep(PAUSE).await;
        let edit = writer.edit(account, &format!("trade {at}"));
        let began = Instant::now();
        let since = |then: Instant| then.duration_since(began).as_secs_f64() * 1_000.0;
        let write = async { writer.exchange(vec![edit]).await };
        let read = async {
            told.push(since(pokes.recv().await.expect("a poke")));
            while !reader.pull().await.iter().any(|row| row.text("industry") == format!("trade {at}")) {}
            had.push(since(Instant::now()));
        };
        tokio::join!(write, read);
    }
    listener.abort();
    json!({ "until_told": spread(&told), "until_had": spread(&had) })
}
