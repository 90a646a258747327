//! Everything else that is called with an exclamation mark.

use gambeson::{Telemetry, attach_crate, emit, expect_handlers, handler};

attach_crate!(gambeson_plugin);
expect_handlers!["registered::audit", "from_the_plugin"];

/// Emits in every form.
pub fn emit_all(city: &str, tills: u32) {
    emit!("shop.opened");
    emit!("shop.opened", { tills, area.m2 = 2.5, "waiting-time" = 3_i64 });
    emit!("shop.opened", {}, { city, %city, ?tills, owner = Some("Ada") });
    emit!(
        "shop.opened",
        { tills = tills },
        { "content-type" = "text", shown.as = %city, debugged = ?city, r#type = true },
    );
}

/// Attaches by hand.
///
/// # Errors
///
/// As `attach` has them.
pub fn attach(telemetry: &Telemetry) -> Result<(), gambeson::AttachError> {
    telemetry.attach(handler!(crate::registered::audit))?;
    telemetry.attach(handler!(super::registered::record,))
}
