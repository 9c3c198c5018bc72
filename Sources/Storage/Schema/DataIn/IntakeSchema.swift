/// Imports and listings that run as jobs, with a result for every line.
enum IntakeSchema {
    static let statements: [SQL] = []
}
