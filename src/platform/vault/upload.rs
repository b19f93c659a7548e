use super::{
    Place, Unclaimed, VaultError,
    remote::{Bucket, from_put, gone},
};
use bytes::Bytes;
use object_store::{MultipartUpload, ObjectStoreExt};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// S3 allows 10,000 parts of 5 MiB at least, and each is in memory as a whole: those up to so many have so many bytes, and so
/// many others are on their way at most while one of them fills. A file of 512 GiB takes parts of 52 MiB on the average, so that
/// few can be small, and a large one fills when all before it have arrived: of whatever size the file is, 56 MiB are held at most.
/// The steps reach 1.5 GiB, 7 GiB and the largest upload (512 GiB); the last one 587 GiB, for a package with that upload
/// and much beside it.
const STEPS: [(usize, usize, usize); 3] = [(256, 6 << 20, 2), (456, 28 << 20, 1), (9_700, 56 << 20, 0)];
const LAST_STEP: (usize, usize) = (256 << 20, 0);

/// Bytes of the part behind so many others, and how many of those may be on their way while it fills.
fn step(sent: usize) -> (usize, usize) {
    let found = STEPS.iter().find(|(up_to, ..)| sent < *up_to);
    found.map_or(LAST_STEP, |(_, size, beside)| (*size, *beside))
}

/// What may come behind the end of a part while that is taken off and waited for: all buffers of a file, encrypted.
const BEHIND: usize = 5 * 256 * 1024;

/// Encrypted bytes on their way from the blocking thread that makes them to what sends them.
#[derive(Clone, Default)]
pub(super) struct Parts(Arc<Mutex<Vec<u8>>>);

impl Parts {
    /// Takes one part off when there is a full one.
    fn take(&self, size: usize) -> Option<Bytes> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes.len() < size {
            return None;
        }
        let mut rest = Vec::with_capacity(bytes.len() - size + BEHIND);
        rest.extend_from_slice(&bytes[size..]);
        bytes.truncate(size);
        Some(std::mem::replace(&mut *bytes, rest).into())
    }

    /// Makes room for the whole next part at once: growing by copies would hold two of them.
    fn make_room(&self, size: usize) {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let more = (size + BEHIND).saturating_sub(bytes.len());
        bytes.reserve_exact(more);
    }

    pub(super) fn take_all(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One object on its way into the bucket: a small one in one request, a larger one in parts.
pub(super) struct Upload {
    bucket: Bucket,
    key: Uuid,
    parts: Parts,
    sent: usize,
    multipart: Option<Multipart>,
}

/// An upload in parts; dropped unfinished, it is aborted in the bucket.
struct Multipart {
    upload: Option<Box<dyn MultipartUpload>>,
    tasks: JoinSet<object_store::Result<()>>,
    bucket: Bucket,
    key: Uuid,
}

impl Upload {
    pub fn new(bucket: Bucket, key: Uuid, parts: Parts) -> Self {
        Upload { bucket, key, parts, sent: 0, multipart: None }
    }

    /// Sends what makes full parts, a few at a time.
    pub async fn send_full_parts(&mut self) -> Result<(), VaultError> {
        loop {
            let Some(part) = self.parts.take(step(self.sent).0) else { return Ok(()) };
            self.send(part).await?;
        }
    }

    /// Sends a part, and waits until the next one may fill: only then there is room for that one, so that a large part that has
    /// arrived is let go of before.
    async fn send(&mut self, part: Bytes) -> Result<(), VaultError> {
        let multipart = match &mut self.multipart {
            Some(multipart) => multipart,
            none => none.insert(Multipart::begin(&self.bucket, self.key).await?),
        };
        multipart.send(part)?;
        self.sent += 1;
        let (size, beside) = step(self.sent);
        multipart.wait_for(beside).await?;
        self.parts.make_room(size);
        Ok(())
    }

    /// Makes the object visible. Goes on to its end if the caller is dropped; the object is taken out again then, or where this
    /// fails, should the bucket have kept it after all.
    pub async fn finish(self) -> Result<Unclaimed, VaultError> {
        let (place, key) = (Place::Remote(self.bucket.clone()), self.key);
        self.end(move || Unclaimed::new(place, key)).await
    }

    /// As [`Self::finish`], of an object whose name is known already: nothing is taken out again.
    pub async fn complete(self) -> Result<(), VaultError> {
        self.end(|| ()).await
    }

    /// Makes the object visible. What `kept` makes before is given back, or dropped where that fails.
    async fn end<T: Send + 'static>(
        mut self,
        kept: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, VaultError> {
        self.send_full_parts().await?;
        let last = self.parts.take_all();
        let (bucket, key) = (self.bucket.clone(), self.key);
        let mut multipart = self.multipart.take();
        if let (Some(multipart), false) = (&mut multipart, last.is_empty()) {
            multipart.send(last.clone())?;
        }
        bucket
            .clone()
            .run(async move {
                let kept = kept();
                match multipart {
                    Some(multipart) => multipart.complete().await?,
                    None => {
                        bucket.store().put(&bucket.path(key), last.into()).await.map_err(from_put)?;
                    }
                }
                Ok(kept)
            })
            .await
    }
}

impl Multipart {
    async fn begin(bucket: &Bucket, key: Uuid) -> Result<Self, VaultError> {
        let own = bucket.clone();
        bucket
            .run(async move {
                let upload = own.store().put_multipart(&own.path(key)).await.map_err(from_put)?;
                Ok(Multipart { upload: Some(upload), tasks: JoinSet::new(), bucket: own, key })
            })
            .await
    }

    /// Waits until `most` parts at most are on their way.
    async fn wait_for(&mut self, most: usize) -> Result<(), VaultError> {
        while self.tasks.len() > most {
            match self.tasks.join_next().await {
                Some(sent) => sent.map_err(gone)?.map_err(from_put)?,
                None => break,
            }
        }
        Ok(())
    }

    fn send(&mut self, part: Bytes) -> Result<(), VaultError> {
        let upload = self.upload.as_mut().ok_or(()).map_err(gone)?;
        self.tasks.spawn_on(upload.put_part(part.into()), self.bucket.runtime()?);
        Ok(())
    }

    async fn complete(mut self) -> Result<(), VaultError> {
        self.wait_for(0).await?;
        let mut upload = self.upload.take().ok_or(()).map_err(gone)?;
        match upload.complete().await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.upload = Some(upload);
                Err(from_put(error))
            }
        }
    }
}

impl Drop for Multipart {
    fn drop(&mut self) {
        let Some(mut upload) = self.upload.take() else { return };
        let (mut tasks, key) = (std::mem::take(&mut self.tasks), self.key);
        let started = self.bucket.start(async move {
            // A part that is cut off may still arrive after the abort, and would then stay and be paid for.
            while tasks.join_next().await.is_some() {}
            if let Err(error) = upload.abort().await {
                tracing::warn!(%key, %error, "an upload could not be aborted; the bucket's lifecycle rule will");
            }
        });
        if let Err(error) = started {
            tracing::warn!(%key, %error, "an upload could not be aborted; the bucket's lifecycle rule will");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest file that an upload may bring, as it lies: 512 GiB and the tags of its chunks.
    const LARGEST: u64 = (512 << 30) / 65_536 * 65_552 + 4096;

    #[test]
    fn ten_thousand_parts_hold_the_largest_file() {
        let all: u64 = (0..10_000).map(|sent| step(sent).0 as u64).sum();
        assert!(all >= LARGEST, "{all}");
        let least = (0..10_000).map(|sent| step(sent).0).min();
        assert!(least.is_some_and(|size| size >= 5 << 20), "S3 takes none that is smaller: {least:?}");
    }

    /// As a part fills, those before it may still be on their way, which are of the step before where it begins a new one.
    #[test]
    fn few_bytes_are_held_of_the_largest_file() {
        let mut reached = 0;
        for sent in 0.. {
            let (size, beside) = step(sent);
            let on_their_way = (sent.saturating_sub(beside)..sent).map(|before| step(before).0);
            let held = size + on_their_way.sum::<usize>();
            assert!(held <= 56 << 20, "part {sent}: {held}");
            reached += size as u64;
            if reached >= LARGEST {
                break;
            }
        }
        let (first, beside) = step(0);
        assert!(first * (beside + 1) <= 18 << 20, "of a file of common size it is less");
    }

    #[test]
    fn a_part_is_taken_off_when_it_is_full_and_the_rest_stays() {
        let mut parts = Parts::default();
        parts.write_all(&[1; 10]).unwrap();
        assert_eq!(parts.take(11), None);
        parts.write_all(&[2; 5]).unwrap();
        assert_eq!(parts.take(11).as_deref(), Some(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2][..]));
        assert_eq!(parts.take(5), None);
        parts.make_room(100);
        assert!(parts.0.lock().unwrap().capacity() >= 100 + BEHIND);
        assert_eq!(parts.take_all().as_ref(), &[2; 4]);
    }
}
