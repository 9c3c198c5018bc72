/// Settings of projects and batches.
enum SetupSchema {
    static let statements: [SQL] = []
}
