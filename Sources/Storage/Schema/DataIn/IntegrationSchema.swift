/// Where an account's files lie with others, and from where its keys may be used.
enum IntegrationSchema {
    static let statements: [SQL] = []
}
