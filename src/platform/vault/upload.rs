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

/// S3 allows 10,000 parts: a thousand small ones (8 GB), then large ones, reach 570 GB with little memory for most.
const PART: usize = 8 << 20;
const LARGE_PART: usize = 64 << 20;
const SMALL_PARTS: usize = 1000;
/// So many parts of one upload are on their way at a time.
const PARALLEL: usize = 2;

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
        let rest = bytes.split_off(size);
        Some(std::mem::replace(&mut *bytes, rest).into())
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

    /// Sends what makes full parts, at most two at a time.
    pub async fn send_full_parts(&mut self) -> Result<(), VaultError> {
        loop {
            let size = if self.sent < SMALL_PARTS { PART } else { LARGE_PART };
            let Some(part) = self.parts.take(size) else { return Ok(()) };
            self.send(part).await?;
        }
    }

    async fn send(&mut self, part: Bytes) -> Result<(), VaultError> {
        let multipart = match &mut self.multipart {
            Some(multipart) => multipart,
            none => none.insert(Multipart::begin(&self.bucket, self.key).await?),
        };
        multipart.wait_for(PARALLEL).await?;
        multipart.send(part)?;
        self.sent += 1;
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

    /// Waits until fewer than `most` parts are on their way.
    async fn wait_for(&mut self, most: usize) -> Result<(), VaultError> {
        while self.tasks.len() >= most.max(1) {
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
        self.wait_for(1).await?;
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
