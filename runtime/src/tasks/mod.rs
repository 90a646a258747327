//! The host's tasks that end with a telemetry, and the token that tells them to.

#[cfg(feature = "tokio")]
mod tracked;
#[cfg(not(feature = "tokio"))]
mod without_runtime;

#[cfg(feature = "tokio")]
pub(crate) use self::tracked::Tasks;
#[cfg(not(feature = "tokio"))]
pub(crate) use self::without_runtime::Tasks;
