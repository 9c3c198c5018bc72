import Foundation
import JSON
import Logging
import Media
import NIOCore
import Storage

/// Tells the ends of all logs to a place outside the database, once a day, so that a log that is cut off or written anew
/// can be found out by whoever keeps them.
struct PublishHeads {
    let environment: WorkEnvironment

    private static let setting = "proof.published"
    private static let firstDelay = 60.0
    private static let mostDelay = 3600.0
    private static let timeout = Duration.seconds(20)

    /// Lets today's ends be told, if nobody has done so yet and there is a place for them.
    static func arrange(_ environment: WorkEnvironment) async throws {
        guard let place = environment.proofHead else { return }
        let now = environment.now()
        let today = "\(now.day) \(place)"
        let isOpen = try await environment.database.read { db in
            try db.setting(setting) != today && !db.chainEnds().isEmpty
        }
        guard isOpen else { return }
        let isArranged = try await environment.database.write { db in
            guard try db.changeSetting(setting, to: today) else { return false }
            try db.enqueue(
                [
                    NewJob(
                        id: Identifier.make(now), kind: JobKind.publishHeads.rawValue, realm: nil, subject: "heads",
                        runAt: now)
                ], at: now)
            return true
        }
        if isArranged { environment.jobs.raise(.publishHeads) }
    }

    func run(_ job: JobRow) async throws {
        if let place = environment.proofHead {
            let heads = try await ProofOperations.heads(in: environment.database, at: environment.now())
            let reason =
                DeliveryRow.Kind(target: place) == .http
                ? await Self.post(heads, to: place, by: environment)
                : Self.append(heads, to: place)
            if let reason {
                environment.logger.error(
                    "the ends of the logs could not be published", metadata: ["reason": "\(reason)"])
                throw JobRetry(
                    delay: Backoff.delay(afterAttempt: job.attempts, first: Self.firstDelay, most: Self.mostDelay),
                    reason: reason)
            }
        }
        try await environment.database.write { db in try job.finish(in: db) }
    }

    /// Sends the heads as one object; answers what went wrong.
    private static func post(_ heads: [LogHead], to url: String, by environment: WorkEnvironment) async -> String? {
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("heads") { writer in for head in heads { head.write(to: &writer) } }
        }
        do {
            let reply = try await environment.fetcher.post(
                url, body: ByteBuffer(string: writer.text), headers: [("content-type", "application/json")],
                timeout: timeout)
            return reply.isSuccess ? nil : "The receiver answered with status \(reply.status)."
        } catch let error as FetchError {
            return error.message
        } catch {
            return "The call failed."
        }
    }

    /// Appends the heads to a file, a line each; answers what went wrong.
    ///
    /// Lines of before are what later checks need.
    private static func append(_ heads: [LogHead], to path: String) -> String? {
        let lines = heads.map { head -> String in
            var writer = JSONWriter()
            head.write(to: &writer)
            return writer.text + "\n"
        }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return "\(path) cannot be written: \(String(cString: strerror(errno)))." }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(lines.joined().utf8))
            try file.synchronize()
            return nil
        } catch {
            return "\(path) cannot be written: \(error.localizedDescription)."
        }
    }
}
