/// The schema of version 6: how data comes in, where it is kept, and what proves what became of it.
enum DataInSchema {
    static let statements =
        IntegrationSchema.statements + ObjectSchema.statements + IntakeSchema.statements + ProcessingSchema.statements
        + ProofSchema.statements
}
