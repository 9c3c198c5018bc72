/// Several answers to one task, and samples for audits.
enum AgreementSchema {
    static let statements: [SQL] = []
}
