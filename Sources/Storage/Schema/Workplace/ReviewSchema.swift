/// Levels of review, comments and verdicts.
enum ReviewSchema {
    static let statements: [SQL] = []
}
