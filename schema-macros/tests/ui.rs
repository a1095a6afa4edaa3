//! Every mistake in a model is an error at its own token, in a sentence that says what to write instead.
//! The wording of rustc's own part is pinned to the toolchain of CI.

#[test]
fn mistakes_are_told_at_their_token() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/*.rs");
}
