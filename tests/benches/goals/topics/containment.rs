//! Panics kept inside a future or a service, by others (goal 10).

use std::{convert::Infallible, panic::AssertUnwindSafe};

use bytes::Bytes;
use futures_util::FutureExt;
use gambeson::{StartError, Telemetry, defensive_handler};
use http::{Request, Response, StatusCode};
use http_body_util::Empty;
use tower::{Layer, Service, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use super::registered;
use crate::{
    harness::{Case, Figures, Group, Options, Probe, Row},
    work,
};

/// The name of the probe.
pub(crate) const PROBE: &str = "containment";

const PLAIN: &str = "plain";
const OURS: &str = "defended";
const CATCH_UNWIND: &str = "catch_unwind";
const SERVICE: &str = "service";
const OUR_SERVICE: &str = "defended service";
const CATCH_PANIC: &str = "CatchPanic";

type Body = Empty<Bytes>;

#[defensive_handler]
async fn defended(polls: u64) {
    work::pending(polls).await;
}

async fn answer(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    work::bare();
    Ok(Response::new(Body::new()))
}

#[defensive_handler(fallback = Ok(server_error()))]
async fn defended_answer(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    answer(request).await
}

fn server_error() -> Response<Body> {
    let mut response = Response::new(Body::new());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

fn serve<S: Service<Request<Body>>>(mut service: S, calls: u64) {
    for _ in 0..calls {
        let _ = work::poll_to_the_end(service.call(Request::new(Body::new())));
    }
}

/// Times a poll of each, and a request to each.
pub(crate) fn figures(options: &Options) -> Result<Figures, StartError> {
    let _telemetry = Telemetry::builder().filter(registered::is_other).start()?;
    let mut figures = Figures::default();
    let rounds = Group::new([
        Case::looped(PLAIN, |polls| work::poll_to_the_end(work::pending(polls))),
        Case::looped(OURS, |polls| work::poll_to_the_end(defended(polls))),
        Case::looped(CATCH_UNWIND, |polls| {
            let _ = work::poll_to_the_end(AssertUnwindSafe(work::pending(polls)).catch_unwind());
        }),
    ])
    .measure(options);
    for case in [OURS, CATCH_UNWIND] {
        figures.set(case, rounds.ratio(case, PLAIN));
    }
    let rounds = Group::new([
        Case::looped(SERVICE, |calls| serve(service_fn(answer), calls)),
        Case::looped(OUR_SERVICE, |calls| {
            serve(service_fn(defended_answer), calls);
        }),
        Case::looped(CATCH_PANIC, |calls| {
            serve(CatchPanicLayer::new().layer(service_fn(answer)), calls);
        }),
    ])
    .measure(options);
    for case in [OUR_SERVICE, CATCH_PANIC] {
        let added = rounds.median(|round| round.of(case) - round.of(SERVICE));
        figures.set(case, added);
    }
    Ok(figures)
}

/// Runs the probe.
pub(crate) fn rows(options: &Options) -> Vec<Row> {
    let figures = Probe::new(PROBE, options).figures();
    let get = |name| figures.get(name);
    vec![
        Row::times(
            10,
            "poll inside futures' catch_unwind / plain",
            get(CATCH_UNWIND),
        ),
        Row::times(
            10,
            "poll of a defended future / in catch_unwind",
            get(OURS) / get(CATCH_UNWIND),
        ),
        Row::nanos(
            10,
            "added to a request by tower-http's CatchPanic",
            get(CATCH_PANIC),
        ),
        Row::nanos(10, "added to it by a defended service", get(OUR_SERVICE)),
    ]
}
