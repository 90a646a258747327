//! What of the host ends with the telemetry.

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Telemetry;

impl Telemetry {
    /// A token that is cancelled as the first step of a shutdown, before any handler is detached.
    ///
    /// All tokens of a telemetry are one. Whoever never asks for it does not pay for it.
    pub fn cancellation_token(&self) -> CancellationToken {
        let phase = &self.core.conduct.phase_cell;
        self.core.tasks.token(phase)
    }

    /// Tracks tasks that use what handlers need: a shutdown awaits those that were spawned on it
    /// once the handlers are drained, and before it revokes resources.
    ///
    /// Tell them to end by the [`cancellation_token`](Telemetry::cancellation_token). A task must
    /// not shut the telemetry down by a blocking call, which would wait for that very task.
    ///
    /// ```
    /// # async fn serve(telemetry: gambeson::Telemetry) {
    /// let stop = telemetry.cancellation_token();
    /// telemetry.tasks().spawn(async move {
    ///     stop.cancelled().await;
    ///     // Say goodbye while the resources are still there.
    /// });
    /// let report = telemetry.shutdown_async().await;
    /// # }
    /// ```
    pub fn tasks(&self) -> TaskTracker {
        let phase = &self.core.conduct.phase_cell;
        self.core.tasks.tracker(phase)
    }
}
