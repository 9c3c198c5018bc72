import JSON
package import Labeling
import Storage

/// A request that a rule forbids, in words; knows nothing of HTTP.
package struct Refusal: Error, Sendable, Equatable {
    package enum Code: Sendable {
        case notFound, duplicate, conflict, invalid, notEnabled, forbidden, unauthorized, leaseLost, tooMany, tooLarge
    }

    package let code: Code
    /// One sentence for the client.
    package let message: String
    /// What is wrong with a submission, object by object.
    package var issues: [SubmissionIssue] = []

    package init(_ code: Code, _ message: String, issues: [SubmissionIssue] = []) {
        self.code = code
        self.message = message
        self.issues = issues
    }

    package static let noSuchTask = Refusal(.notFound, "Task with that ID not found.")

    package static func noSuchProject(_ name: String) -> Refusal {
        Refusal(.notFound, "There is no project named \(JSONWriter.quoted(name)).")
    }

    package static func noSuchBatch(_ name: String) -> Refusal {
        Refusal(.notFound, "There is no batch named \(JSONWriter.quoted(name)).")
    }
}

extension Connection {
    /// The project of this name.
    ///
    /// - Throws: `Refusal` if there is none.
    func existingProject(realm: Int64, named name: String) throws -> ProjectRow {
        guard let project = try project(realm: realm, named: name) else { throw Refusal.noSuchProject(name) }
        return project
    }
}
