use expect_test::expect;

use super::{expands, rejects};

#[test]
fn related_spans_are_asked_for_where_there_will_be_a_span() {
    expands(
        "parent = &span, follows_from = [cause], skip_all",
        "fn f(span: Span, cause: Id) {}",
        &expect![[r#"
            fn f(span: Span, cause: Id) {
                let __entered = {
                    static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                        ::gambeson::private::Written::of("f", ::core::module_path!()),
                    );
                    let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                    if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                        if __values.has_span() {
                            __values.parent(&span);
                            __values.follows_from([cause]);
                        }
                    }
                    __call
                }
                    .enter();
            }
        "#]],
    );
}

#[test]
fn an_argument_that_only_they_use_is_left_where_it_is() {
    expands(
        "parent = span, skip_all",
        "async fn f(span: Span, order: Order) { g(order) }",
        &expect![[r#"
            async fn f(span: Span, order: Order) {
                let __future = {
                    let order = order;
                    ::gambeson::private::instrument_async(
                        {
                            static __GAMBESON_SITE: ::gambeson::private::InstrumentSite = ::gambeson::private::InstrumentSite::new(
                                ::gambeson::private::Written::of("f", ::core::module_path!()),
                            );
                            let mut __call = ::gambeson::private::call(&__GAMBESON_SITE);
                            if let ::core::option::Option::Some(__values) = (&mut __call).values() {
                                if __values.has_span() {
                                    __values.parent(span);
                                }
                            }
                            __call
                        },
                        async move {
                            if let ::core::option::Option::Some(__returned) = ::core::option::Option::None::<
                                (),
                            > {
                                return __returned;
                            }
                            let order = order;
                            match () {
                                () => g(order),
                            }
                        },
                        ::gambeson::private::seen_nothing,
                    )
                };
                __future.await
            }
        "#]],
    );
}

#[test]
fn related_spans_have_a_value() {
    rejects(
        "parent, follows_from(a, b)",
        "fn f() {}",
        &expect![[r#"
        parent
            `parent` has no value: write `parent = &span`
        (a, b)
            `follows_from` takes spans, or the ids of spans: write `follows_from = [&span]`
    "#]],
    );
}
