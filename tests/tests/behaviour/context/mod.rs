//! The context: whose work a skip was, wherever the work went.

mod carried;
mod endings;
mod records;

use gambeson::context::Context;

/// The current fields, as they are displayed.
fn shown() -> String {
    Context::current().to_string()
}
