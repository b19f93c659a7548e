use super::{
    Cause, Listed, VaultError, object_name,
    upload::{Parts, Upload},
};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::runtime::{Handle, Runtime};
use uuid::Uuid;

/// A bucket, with a runtime of its own: connections belong to the runtime that opened them, and the web server has
/// several that come and go.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    /// The bucket's name.
    name: Arc<str>,
    prefix: Path,
    io: Arc<Io>,
}

#[derive(Debug)]
struct Io(Option<Runtime>);

impl Drop for Io {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background(); // a plain drop may not block here
        }
    }
}

pub(super) fn gone<E>(_: E) -> VaultError {
    VaultError::Unavailable("the evidence store has been shut down".into())
}

/// Sorts what a bucket answers to a write.
pub(super) fn from_put(error: object_store::Error) -> VaultError {
    let text = error.to_string();
    let full = ["StorageFull", "QuotaExceeded", "507 Insufficient"].iter().any(|word| text.contains(word));
    if full { VaultError::Full(error.into()) } else { VaultError::Unavailable(error.into()) }
}

impl Bucket {
    /// `s3://bucket/prefix`, all else from the `AWS_…` variables.
    pub fn open(url: &str) -> Result<Self, VaultError> {
        Self::build(url, AmazonS3Builder::from_env(), flag_of_environment("AWS_ALLOW_HTTP"))
    }

    pub fn build(url: &str, builder: AmazonS3Builder, allow_http: bool) -> Result<Self, VaultError> {
        let wrong = |why: Cause| VaultError::Setting(format!("{url}: {why}"));
        let parsed = url::Url::parse(url).map_err(|error| wrong(error.into()))?;
        let bucket = parsed.host_str().ok_or_else(|| wrong("it names no bucket".into()))?;
        let prefix = Path::from_url_path(parsed.path()).map_err(|error| wrong(error.into()))?;
        // The HTTP client takes the process's provider; it is no fault if there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(Duration::from_secs(120))
            .with_allow_http(allow_http);
        let retry =
            RetryConfig { max_retries: 4, retry_timeout: Duration::from_secs(30), ..RetryConfig::default() };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("evidence-store")
            .enable_all()
            .build()
            .map_err(|error| VaultError::Unavailable(error.into()))?;
        let builder = builder.with_bucket_name(bucket).with_client_options(client).with_retry(retry);
        let store = builder.build().map_err(|error| wrong(error.into()))?;
        Ok(Bucket { store: Arc::new(store), name: bucket.into(), prefix, io: Arc::new(Io(Some(runtime))) })
    }

    /// Its address, as it is set.
    pub fn address(&self) -> String {
        format!("s3://{}/{}", self.name, self.prefix)
    }

    /// Whether one of the two places lies inside the other, or they are the same.
    pub fn overlaps(&self, other: &Bucket) -> bool {
        let inside = self.prefix.prefix_matches(&other.prefix) || other.prefix.prefix_matches(&self.prefix);
        self.name == other.name && inside
    }

    pub fn store(&self) -> &Arc<AmazonS3> {
        &self.store
    }

    /// The bucket's own runtime, while there is one.
    pub fn runtime(&self) -> Result<&Handle, VaultError> {
        self.io.0.as_ref().map(Runtime::handle).ok_or(()).map_err(gone)
    }

    pub fn path(&self, key: Uuid) -> Path {
        object_name(key).split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// Starts work on the bucket's own runtime. It goes on if its handle is dropped.
    pub fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<tokio::task::JoinHandle<T>, VaultError> {
        Ok(self.runtime()?.spawn(work))
    }

    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, VaultError>> + Send + 'static,
    ) -> Result<T, VaultError> {
        self.start(work)?.await.map_err(gone)?
    }

    /// Waits on a blocking thread.
    pub fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, VaultError>> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.start(async move {
            let _ = sender.send(work.await); // no receiver: no one waits any more
        })?;
        receiver.recv().map_err(gone)?
    }

    /// Bytes of an object; `None`: there is none.
    pub async fn size(&self, key: Uuid) -> Result<Option<u64>, VaultError> {
        let (store, path) = (self.store.clone(), self.path(key));
        self.run(async move {
            match store.head(&path).await {
                Ok(meta) => Ok(Some(meta.size)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(VaultError::Unavailable(error.into())),
            }
        })
        .await
    }

    pub async fn delete(&self, key: Uuid) -> Result<(), VaultError> {
        let (store, path) = (self.store.clone(), self.path(key));
        self.run(async move {
            match store.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(VaultError::Unavailable(error.into())),
            }
        })
        .await
    }

    /// Removes an object behind the caller's back.
    pub fn delete_later(&self, key: Uuid) {
        let (store, path) = (self.store.clone(), self.path(key));
        let started = self.start(async move {
            if let Err(error) = store.delete(&path).await {
                tracing::warn!(%key, %error, "an unclaimed object could not be removed");
            }
        });
        if let Err(error) = started {
            tracing::warn!(%key, %error, "an unclaimed object could not be removed");
        }
    }

    pub fn list(&self) -> BoxStream<'static, Result<Listed, VaultError>> {
        let (sender, receiver) = tokio::sync::mpsc::channel(100);
        let mut objects = self.store.list(Some(&self.prefix));
        let started = self.start(async move {
            while let Some(object) = objects.next().await {
                if sender.send(object).await.is_err() {
                    return;
                }
            }
        });
        if let Err(error) = started {
            return futures_util::stream::iter([Err(error)]).boxed();
        }
        futures_util::stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|object| (object, receiver))
        })
        .map_err(|error| VaultError::Unavailable(error.into()))
        .try_filter_map(|object| async move {
            let key = object.location.filename().and_then(|name| name.parse().ok());
            Ok(key.map(|key| Listed { key, modified: object.last_modified, object_size: object.size }))
        })
        .boxed()
    }

    pub async fn probe(&self) -> Result<(), VaultError> {
        let (store, prefix) = (self.store.clone(), self.prefix.clone());
        self.run(async move {
            // One page of a level that holds at most 256 shelves.
            store.list_with_delimiter(Some(&prefix)).await.map_err(from_put)?;
            Ok(())
        })
        .await
    }

    /// Begins an object whose bytes come through `parts`.
    pub fn upload(&self, key: Uuid, parts: Parts) -> Upload {
        Upload::new(self.clone(), key, parts)
    }
}

/// Plain HTTP only where the environment says so, for a store in the same machine room.
fn flag_of_environment(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| value == "true" || value == "1")
}
