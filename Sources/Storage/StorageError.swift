/// What goes wrong between a query and its database.
///
/// None of these is a client's fault: rules that a client can break are asked for by the queries themselves and
/// answered as values. A `constraint` here means a rule of the schema stopped a mistake of ours.
package enum StorageError: Error, Equatable, Sendable {
    /// A constraint of the schema was broken; the text is the engine's.
    case constraint(ConstraintKind, String)

    /// A text holds a zero character, which not every engine can keep.
    case invalidText

    /// The database cannot be reached or opened.
    case unavailable(String)

    /// There is no room on the disk; nothing was stored.
    case full(String)

    /// Other transactions were in the way, again and again.
    case conflict(String)

    /// The database's schema is newer than, or differs from, what this program knows.
    case schema(String)

    /// A statement failed for another reason; the text is the engine's.
    case statement(String)

    /// A row does not have the column or the type that was asked for.
    case unexpectedColumn(String)

    /// The database was closed.
    case closed

    /// A program needed for a backup or its restoration is missing or failed.
    case tool(String)

    /// A row was to refer to an object that is gone or about to go; the object has to be put again. The text is its hash.
    case missingObject(String)

    /// A database or backup file is not whole.
    case damaged(String)
}

/// Which sort of constraint was broken.
package enum ConstraintKind: Sendable {
    case unique, foreignKey, check, notNull, other
}
