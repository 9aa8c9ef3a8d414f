/// What the exercise is not to come to.
struct ExerciseFailure: Error, CustomStringConvertible {
    let description: String
}
