/// What is in the object store, who refers to it, and uploads that are not finished.
enum ObjectSchema {
    static let statements: [SQL] = []
}
