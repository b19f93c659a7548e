//! Whether what the program stands on can be reached, and how much room is left: asked by `/healthz` and by the
//! administrator's page, so that both say the same.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{error::Result, services::Services};

/// A part that does not answer within this time is down.
const PATIENCE: Duration = Duration::from_secs(5);

/// One part that the program stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// As `/healthz` names it: `database`, `evidence store`.
    pub name: &'static str,
    pub is_up: bool,
    /// How long it took to answer, or to be given up.
    pub took: Duration,
}

async fn part(name: &'static str, asked: impl Future<Output = Result<()>>) -> Part {
    let begun = Instant::now();
    let why = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => None,
        Ok(Err(e)) => Some(e.to_string()),
        Err(_) => Some("no answer".into()),
    };
    if let Some(error) = &why {
        tracing::error!(part = name, error, "health check");
    }
    Part { name, is_up: why.is_none(), took: begun.elapsed() }
}

async fn evidence(services: &Services) -> Result<()> {
    Ok(services.vault.probe().await?)
}

/// The parts, each asked anew.
pub async fn parts(services: &Services) -> [Part; 2] {
    let (database, evidence) =
        tokio::join!(part("database", services.db.ping()), part("evidence store", evidence(services)));
    [database, evidence]
}

/// Room on the disk that holds a folder, in bytes: what is left for the program, and all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub left: u64,
    pub whole: u64,
}

impl Room {
    /// Less than a tenth, or less than a gibibyte: somebody should see to it.
    pub fn is_short(self) -> bool {
        self.left < self.whole / 10 || self.left < 1 << 30
    }
}

/// The room on the disk of `folder`; `None` where the system does not say.
pub fn room(folder: &Path) -> Option<Room> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(Room {
        left: disk.f_bavail.saturating_mul(disk.f_frsize),
        whole: disk.f_blocks.saturating_mul(disk.f_frsize),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_on_a_disk_is_told_and_a_short_one_is_called_so() {
        let here = room(Path::new("/")).expect("a disk");
        assert!(here.whole > 0 && here.left <= here.whole, "{here:?}");
        assert_eq!(room(Path::new("/no/such/folder")), None);
        let room = |left, whole| Room { left, whole }.is_short();
        assert!(room(1 << 29, 1 << 32) && room(1 << 31, 1 << 40));
        assert!(!room(1 << 33, 1 << 34));
    }
}
