/// What is known of each attachment, and of files that many tasks share.
enum ProcessingSchema {
    static let statements: [SQL] = []
}
