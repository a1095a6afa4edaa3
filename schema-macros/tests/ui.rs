//! Every mistake in a model is an error at its own token, in a sentence that says what to write instead.
//! Nothing but mistakes stands there, so that what the cases need is checked and not built. The wording of rustc's own
//! part is pinned to the toolchain of CI.

#[test]
fn mistakes_are_told_at_their_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
