/// What a person's one-time codes are made from.
package struct SecondFactorRow: Sendable, Equatable, RowDecodable {
    package var userID: String

    /// The secret, sealed by a key outside the database.
    package var sealed: String

    /// Nil while the person has not shown yet that codes can be made from it; it is not asked for then.
    package var confirmedAt: Timestamp?

    /// The time step of the last code that was taken.
    package var lastStep: Int64

    /// Wrong codes in a row, and since when.
    package var failures: Int
    package var failingSince: Timestamp

    static let columns: SQL = "user_id, sealed, confirmed_at, last_step, failures, failing_since"

    package init(_ reader: inout RowReader) throws {
        userID = try reader.text()
        sealed = try reader.text()
        confirmedAt = try reader.optionalTime()
        lastStep = try reader.int64()
        failures = try reader.int()
        failingSince = try reader.time()
    }
}

/// A sign-in that waits for a code.
package struct SignInChallengeRow: Sendable, Equatable, RowDecodable {
    package var userID: String
    package var accountID: String
    package var failures: Int

    package init(_ reader: inout RowReader) throws {
        userID = try reader.text()
        accountID = try reader.text()
        failures = try reader.int()
    }
}

extension Connection {
    // MARK: Secrets

    /// Stores a secret that is being set up, in place of one that never was confirmed; false if one is in force.
    package func setSecondFactor(user: String, sealed: String, at: Timestamp) throws -> Bool {
        try execute(
            """
            INSERT INTO second_factors (user_id, sealed, created_at) VALUES (\(user), \(sealed), \(at))
            ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at
            WHERE second_factors.confirmed_at IS NULL
            """) > 0
    }

    /// A person's second factor, kept from other writers until the transaction ends.
    package func lockSecondFactor(user: String) throws -> SecondFactorRow? {
        try first(
            """
            SELECT \(SecondFactorRow.columns) FROM second_factors WHERE user_id = \(user)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// A person's second factor.
    package func secondFactor(user: String) throws -> SecondFactorRow? {
        try first("SELECT \(SecondFactorRow.columns) FROM second_factors WHERE user_id = \(user)")
    }

    /// Puts a second factor into force.
    package func confirmSecondFactor(user: String, step: Int64, recovery: [String], at: Timestamp) throws {
        try execute(
            "UPDATE second_factors SET confirmed_at = \(at), last_step = \(step), failures = 0 WHERE user_id = \(user)")
        for hash in recovery {
            try execute("INSERT INTO recovery_codes (user_id, hash) VALUES (\(user), \(hash))")
        }
    }

    /// Notes that the code of a time step was taken, which ends the count of wrong ones; false if that step is past.
    package func takeCode(user: String, step: Int64) throws -> Bool {
        try execute(
            """
            UPDATE second_factors SET last_step = \(step), failures = 0
            WHERE user_id = \(user) AND last_step < \(step)
            """) > 0
    }

    /// Uses a recovery code up, which ends the count of wrong ones; false if there is none left with that hash.
    package func takeRecoveryCode(user: String, hash: String, at: Timestamp) throws -> Bool {
        let taken = try execute(
            """
            UPDATE recovery_codes SET used_at = \(at)
            WHERE user_id = \(user) AND hash = \(hash) AND used_at IS NULL
            """)
        guard taken > 0 else { return false }
        try execute("UPDATE second_factors SET failures = 0 WHERE user_id = \(user)")
        return true
    }

    /// How many recovery codes a person has left.
    package func recoveryCodesLeft(user: String) throws -> Int {
        try integer("SELECT COUNT(*) FROM recovery_codes WHERE user_id = \(user) AND used_at IS NULL")
    }

    /// Sets the count of wrong codes.
    package func setSecondFactorFailures(user: String, count: Int, since: Timestamp) throws {
        try execute(
            """
            UPDATE second_factors SET failures = \(count), failing_since = \(since) WHERE user_id = \(user)
            """)
    }

    /// Removes a person's second factor and all that belongs to it; false if there was none.
    package func deleteSecondFactor(user: String) throws -> Bool {
        try execute("DELETE FROM recovery_codes WHERE user_id = \(user)")
        try execute("DELETE FROM sign_in_challenges WHERE user_id = \(user)")
        return try execute("DELETE FROM second_factors WHERE user_id = \(user)") > 0
    }

    // MARK: Sign-ins

    /// Stores a sign-in that waits for a code, and forgets those that waited for too long.
    package func insertChallenge(hash: String, user: String, account: String, expiresAt: Timestamp, now: Timestamp)
        throws
    {
        try execute("DELETE FROM sign_in_challenges WHERE expires_at <= \(now)")
        try execute(
            """
            INSERT INTO sign_in_challenges (token_hash, user_id, account_id, expires_at)
            VALUES (\(hash), \(user), \(account), \(expiresAt))
            """)
    }

    /// A sign-in that waits for a code.
    package func challenge(hash: String, now: Timestamp) throws -> SignInChallengeRow? {
        try first(
            """
            SELECT user_id, account_id, failures FROM sign_in_challenges
            WHERE token_hash = \(hash) AND expires_at > \(now)
            """)
    }

    /// Counts a wrong code of a sign-in.
    package func failChallenge(hash: String) throws {
        try execute("UPDATE sign_in_challenges SET failures = failures + 1 WHERE token_hash = \(hash)")
    }

    /// Ends a sign-in that waits; false if it was ended before.
    @discardableResult
    package func deleteChallenge(hash: String) throws -> Bool {
        try execute("DELETE FROM sign_in_challenges WHERE token_hash = \(hash)") > 0
    }
}
