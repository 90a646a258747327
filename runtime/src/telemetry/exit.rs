//! The end of the process.

use super::end::Asker;
use crate::instance::scope;

/// Shuts the process's telemetry down within its deadline, and ends the process with this code.
///
/// It can be called on any thread, also while another one shuts down or exits already: then it
/// waits for that. Inside a handler's call it waits for all other handlers, and neither for that one
/// nor for async ones; but a shutdown that another thread has begun before waits for its call, too,
/// until its deadline. As with [`std::process::exit`], no destructor of any thread runs.
///
/// ```no_run
/// # fn serve() -> Result<(), std::io::Error> { Ok(()) }
/// let _telemetry = gambeson::Telemetry::builder().start()?;
/// if let Err(error) = serve() {
///     eprintln!("{error}");
///     gambeson::exit_with_flush(1);
/// }
/// # Ok::<(), gambeson::StartError>(())
/// ```
#[expect(clippy::exit, reason = "it is what the caller asks for")]
pub fn exit_with_flush(code: i32) -> ! {
    if let Some(core) = scope::process() {
        core.shut_down(core.conduct.config.shutdown.deadline, Asker::Leaves);
    }
    std::process::exit(code)
}
