/// What proves afterwards what was done.
enum ProofSchema {
    static let statements: [SQL] = []
}
