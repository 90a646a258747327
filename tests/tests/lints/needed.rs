//! What others need, by path.

use gambeson::{Event, Resource, defensive_handler};

/// A resource.
pub static CITY: Resource<String> = Resource::new("city");

/// The last one.
#[defensive_handler(on = "shop.**")]
pub fn last(_event: &Event<'_>) {}
