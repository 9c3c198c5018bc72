/// Words to find tasks by, changes to many tasks at once, and exports.
enum SearchSchema {
    static let statements: [SQL] = []
}
