/// Who gets which work, hours, and second factors.
enum StaffingSchema {
    static let statements: [SQL] = []
}
