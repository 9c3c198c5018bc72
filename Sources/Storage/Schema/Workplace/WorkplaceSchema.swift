/// The schema of version 5: what managers, reviewers and labelers need around the editor.
enum WorkplaceSchema {
    static let statements =
        StaffingSchema.statements + SetupSchema.statements + ReviewSchema.statements + AgreementSchema.statements
        + SearchSchema.statements + InsightSchema.statements
}
