//! A file's bytes on their way: buffers that are filled and let go of in turn, and the lines of work that they pass, each at its
//! own pace. SM3 is several times slower than all the rest together; it must never wait for a thread to be woken.

use super::VaultError;
use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinHandle, spawn_blocking},
};

/// So many buffers of a file are filled, or waited with, or worked on at a time: one that is filled, one that each line works
/// on, and one that lies ready, so that a line that ends a batch has the next at once.
const BUFFERS: usize = 4;

type Free = Arc<Mutex<Vec<Vec<u8>>>>;

/// Whoever held the lock and panicked is told of by its thread; what it guards is whole between any two statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The buffers of one file.
pub(super) struct Buffers {
    free: Free,
    room: Arc<Semaphore>,
}

impl Buffers {
    pub fn new() -> Self {
        Buffers { free: Free::default(), room: Arc::new(Semaphore::new(BUFFERS)) }
    }

    /// An empty buffer, as soon as there is one.
    pub async fn next(&self) -> Result<Buffer, VaultError> {
        let room = Arc::clone(&self.room).acquire_owned().await;
        let room = room.map_err(|closed| VaultError::Unavailable(closed.into()))?;
        let bytes = lock(&self.free).pop().unwrap_or_default();
        Ok(Buffer { bytes, free: Arc::clone(&self.free), _room: room })
    }
}

/// Bytes of a file, in a buffer that goes back to the file's own when nobody has it any more.
pub(super) struct Buffer {
    pub bytes: Vec<u8>,
    free: Free,
    _room: OwnedSemaphorePermit,
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut bytes = mem::take(&mut self.bytes);
        bytes.clear();
        lock(&self.free).push(bytes);
    }
}

/// One kind of work on the batches of a file, in their order. It has a thread while there are batches, and none while a slow
/// sender's bytes are awaited, so many files can't block each other. Dropped, it ends what it has been given, and then lets go
/// of its state.
pub(super) struct Line<S> {
    queue: Arc<Mutex<Queue<S>>>,
    work: Work<S>,
    at_work: Option<JoinHandle<()>>,
}

type Work<S> = fn(&mut S, &[u8]) -> Result<(), VaultError>;

struct Queue<S> {
    /// Not here while a thread has it, and gone when the work has failed.
    state: Option<S>,
    waiting: VecDeque<Arc<Buffer>>,
    working: bool,
    failed: Option<VaultError>,
}

impl<S: Send + 'static> Line<S> {
    pub fn new(state: S, work: Work<S>) -> Self {
        let queue = Queue { state: Some(state), waiting: VecDeque::new(), working: false, failed: None };
        Line { queue: Arc::new(Mutex::new(queue)), work, at_work: None }
    }

    /// Takes a batch; the work on it may be done later. The error is that of an earlier batch: there is no use in going on.
    pub fn push(&mut self, batch: Arc<Buffer>) -> Result<(), VaultError> {
        let mut queue = lock(&self.queue);
        if let Some(failed) = queue.failed.take() {
            return Err(failed);
        }
        queue.waiting.push_back(batch);
        if !mem::replace(&mut queue.working, true) {
            let (queue, work) = (Arc::clone(&self.queue), self.work);
            self.at_work = Some(spawn_blocking(move || work_off(&queue, work)));
        }
        Ok(())
    }

    /// Lets go of what waits, and waits for the batch that is at work.
    pub async fn stop(&mut self) {
        lock(&self.queue).waiting.clear();
        if let Some(at_work) = self.at_work.take() {
            at_work.await.ok(); // whatever it came to, the file is given up
        }
    }

    /// Waits for all work; gives what it has come to.
    pub async fn end(mut self) -> Result<S, VaultError> {
        if let Some(at_work) = self.at_work.take() {
            at_work.await.map_err(|ended| VaultError::Unavailable(ended.into()))?;
        }
        let mut queue = lock(&self.queue);
        match (queue.failed.take(), queue.state.take()) {
            (None, Some(state)) => Ok(state),
            (Some(failed), _) => Err(failed),
            (None, None) => Err(ended()),
        }
    }
}

fn ended() -> VaultError {
    VaultError::Unavailable("the work on the file's bytes has ended".into())
}

/// Nothing goes on waiting for work that a panic has ended. Work that ends otherwise says so itself and takes this away, under
/// the same lock: from then on the queue may have another thread already, which is nobody's to end.
struct Ending<'a, S>(Option<&'a Mutex<Queue<S>>>);

impl<S> Drop for Ending<'_, S> {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            lock(queue).give_up(ended());
        }
    }
}

impl<S> Queue<S> {
    fn give_up(&mut self, error: VaultError) {
        self.working = false;
        self.failed = Some(error);
        self.waiting.clear();
    }
}

/// Works until nothing waits.
fn work_off<S>(queue: &Mutex<Queue<S>>, work: Work<S>) {
    let mut ending = Ending(Some(queue));
    let Some(mut state) = lock(queue).state.take() else { return };
    loop {
        let mut at = lock(queue);
        let Some(batch) = at.waiting.pop_front() else {
            at.state = Some(state);
            at.working = false;
            ending.0 = None;
            return;
        };
        drop(at);
        if let Err(error) = work(&mut state, &batch.bytes) {
            drop(state); // leaves nothing of the file, before anybody is told
            ending.0 = None;
            lock(queue).give_up(error);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn batch(buffers: &Buffers, bytes: &[u8]) -> Arc<Buffer> {
        let mut buffer = buffers.next().await.expect("a buffer");
        assert!(buffer.bytes.is_empty());
        buffer.bytes.extend_from_slice(bytes);
        Arc::new(buffer)
    }

    fn slowly(state: &mut Vec<u8>, bytes: &[u8]) -> Result<(), VaultError> {
        std::thread::sleep(Duration::from_millis(2));
        quickly(state, bytes)
    }

    fn quickly(state: &mut Vec<u8>, bytes: &[u8]) -> Result<(), VaultError> {
        match bytes {
            [0, ..] => return Err(VaultError::Full("no room".into())),
            [1, ..] => panic!("by a fault of ours"),
            _ => state.extend_from_slice(bytes),
        }
        Ok(())
    }

    /// A quick line and a slow one have the same bytes in the same order in the end, in no more than the file's buffers.
    #[tokio::test]
    async fn each_line_has_all_batches_in_their_order() {
        let buffers = Buffers::new();
        let (mut slow, mut quick) = (Line::new(Vec::new(), slowly), Line::new(Vec::new(), quickly));
        for n in 2..60u8 {
            let batch = batch(&buffers, &[n; 3]).await;
            slow.push(Arc::clone(&batch)).expect("taken");
            quick.push(batch).expect("taken");
            if n % 20 == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await; // both have nothing to do for a while
            }
        }
        let all: Vec<u8> = (2..60u8).flat_map(|n| [n; 3]).collect();
        assert_eq!(slow.end().await.expect("done"), all);
        assert_eq!(quick.end().await.expect("done"), all);
        assert!(lock(&buffers.free).len() <= BUFFERS);
        assert_eq!(buffers.room.available_permits(), BUFFERS);
    }

    /// A batch that comes just as the thread has done all others has a thread of its own, which the first one does not end.
    #[test]
    fn a_thread_that_is_done_ends_no_other_ones_work() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        runtime.block_on(async {
            let buffers = Buffers::new();
            for _ in 0..200 {
                let mut line = Line::new(Vec::new(), quickly);
                for n in 0..50u32 {
                    line.push(batch(&buffers, &[9]).await).expect("taken");
                    (0..n * 7).for_each(|n| _ = std::hint::black_box(n)); // the next one comes a little later each time
                }
                assert_eq!(line.end().await.expect("done").len(), 50);
            }
        });
    }

    /// A disk that is full, or a fault of ours, is told to who brings the next batch or ends the file; nobody waits forever.
    #[tokio::test]
    async fn a_line_that_fails_holds_no_buffer_and_says_why() {
        for (first, full) in [(0, true), (1, false)] {
            let buffers = Buffers::new();
            let mut line = Line::new(Vec::new(), slowly);
            let mut told = None;
            for n in 0..20u8 {
                let bytes = [if n == 3 { first } else { 9 }];
                let next = tokio::time::timeout(Duration::from_secs(10), batch(&buffers, &bytes)).await;
                if let Err(error) = line.push(next.expect("a buffer comes back")) {
                    told = Some(error);
                    break;
                }
            }
            let told = told.expect("told while bytes still came");
            assert_eq!(matches!(told, VaultError::Full(_)), full, "{told}");
            line.stop().await;
            assert_eq!(buffers.room.available_permits(), BUFFERS);
            assert!(line.end().await.is_err());
        }
        let buffers = Buffers::new();
        let mut line = Line::new(Vec::new(), slowly);
        line.push(batch(&buffers, &[0]).await).expect("taken");
        assert!(matches!(line.end().await, Err(VaultError::Full(_))));
    }
}
