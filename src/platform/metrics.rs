//! What the program counts of its own running, in the text format of Prometheus.

use std::sync::Arc;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web,
};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder, proto::MetricFamily,
};

use super::{
    db::Instant,
    error::{AppError, Result},
    http::head::method_of,
    services::Services,
};

/// Bounds of the durations, in seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Counters of this process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Counters>);

struct Counters {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
}

impl Metrics {
    /// # Errors
    /// Internal: two counters of one name, which there are not.
    pub fn new() -> Result<Self> {
        let requests = IntCounterVec::new(
            Opts::new("lead_handoff_http_requests_total", "Requests by route and status."),
            &["method", "route", "status"],
        )
        .map_err(AppError::internal)?;
        let opts = HistogramOpts::new(
            "lead_handoff_http_request_duration_seconds",
            "Time until an answer begins, by route.",
        );
        let durations = HistogramVec::new(opts.buckets(BOUNDS.to_vec()), &["method", "route"])
            .map_err(AppError::internal)?;
        let registry = Registry::new();
        registry.register(Box::new(requests.clone())).map_err(AppError::internal)?;
        registry.register(Box::new(durations.clone())).map_err(AppError::internal)?;
        Ok(Self(Arc::new(Counters { registry, requests, durations })))
    }

    fn count(&self, method: &Method, route: &str, status: u16, seconds: f64) {
        let method = match *method {
            Method::GET | Method::HEAD | Method::POST => method.as_str(),
            // Anybody can invent a method; not a series for each.
            _ => "other",
        };
        self.0.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.0.durations.with_label_values(&[method, route]).observe(seconds);
    }

    /// The counters and `more`, as text.
    ///
    /// # Errors
    /// Internal: a series without a name.
    pub fn text(&self, more: Vec<MetricFamily>) -> Result<Vec<u8>> {
        let mut families = self.0.registry.gather();
        families.extend(more);
        let mut text = Vec::new();
        TextEncoder::new().encode(&families, &mut text).map_err(AppError::internal)?;
        Ok(text)
    }
}

/// The middleware: counts every request under the pattern of its route, never under its address.
///
/// # Errors
/// Those of the inner service that are no replies.
pub async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::system_now();
    let response = next.call(request).await?;
    if let Some(services) = response.request().app_data::<web::Data<Services>>() {
        let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
        let micros = Instant::system_now().micros().saturating_sub(began.micros()).max(0);
        let (method, status) = (method_of(response.request()), response.status().as_u16());
        services.metrics.count(&method, &route, status, micros as f64 / 1e6);
    }
    Ok(response)
}
