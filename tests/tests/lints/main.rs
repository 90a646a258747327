//! No lint fires on what the macros write: every shape of them, under every lint.
//!
//! The output has no `#[allow]`, so a lint that fires here names the shape that needs one. The
//! lints of rustc fire in every build, and those of clippy in `.ci/run`.

#![forbid(unsafe_code)]
#![deny(
    warnings,
    future_incompatible,
    let_underscore,
    nonstandard_style,
    refining_impl_trait,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unused,
    // Lints of rustc that are allowed by default.
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    closure_returning_async_block,
    deprecated_in_future,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    impl_trait_redundant_captures,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unstable_features,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::cargo,
    clippy::nursery,
    clippy::pedantic,
    // Those of clippy's restrictions that speak about expressions.
    clippy::allow_attributes,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::clone_on_ref_ptr,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::let_underscore_untyped,
    clippy::missing_assert_message,
    clippy::panic,
    clippy::pattern_type_mismatch,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::single_char_lifetime_names,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]
#![allow(
    clippy::cargo_common_metadata,
    clippy::multiple_crate_versions,
    clippy::redundant_pub_crate,
    clippy::trait_duplication_in_bounds,
    reason = "about the package, at odds with `unreachable_pub`, or of the derive of `Error`"
)]
#![allow(
    clippy::exit,
    clippy::missing_const_for_fn,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::ptr_arg,
    reason = "true of the functions as they are written, with and without the attribute"
)]

pub mod calls;
pub mod errors;
pub mod instrumented;
pub mod instrumented_shapes;
pub mod instrumented_told;
pub mod methods;
pub mod needed;
pub mod plain;
pub mod registered;

#[cfg(test)]
mod tests {
    use gambeson::Telemetry;

    use super::calls;

    /// That the lints are silent is for the compiler to say; this says that they had code to see.
    #[test]
    fn the_shapes_are_there() {
        let filtered = Telemetry::builder().isolated().filter(|_| false).start();
        let telemetry = filtered.expect("the names of all handlers are known");
        assert_eq!(calls::attach(&telemetry), Ok(()));
        assert_eq!(telemetry.handlers(), ["lints::registered::audit", "record"]);
        telemetry.enter(|| calls::emit_all("Lyon", 3));
        telemetry.enter(|| super::plain::unit(&mut Vec::new()));
        let report = telemetry.shutdown();
        assert_eq!(
            report.handler("plain::unit").map(|unit| unit.handled),
            Some(1)
        );
    }
}
