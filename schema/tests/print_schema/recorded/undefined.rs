// @generated automatically by Diesel CLI.

diesel::table! {
    enums (id) {
        id -> Int4,
        a -> Mood,
        b -> Nullable<WeirdTypeName>,
        c -> Nullable<Array<Nullable<ToneOfVoice>>>,
        d -> Nullable<QuoTed>,
        e -> Nullable<BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo>,
        f -> Nullable<Mood>,
    }
}
