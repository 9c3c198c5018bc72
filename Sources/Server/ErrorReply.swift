import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Logging
import Media
import NIOCore
import Storage
import Work

/// The one place where errors become answers.
///
/// Three kinds, never mixed: issues (the client's fault, by path), refusals by a rule, and faults (logged once, a bare
/// 500).
enum ErrorReply {
    static func make(_ error: any Error, path: String, logger: Logger) -> Reply {
        switch error {
        case let issues as Issues: reply(status: .badRequest, issues: issues.all)
        case let fault as JSONFault:
            reply(status: .badRequest, issues: [Issue(path: fault.path, message: fault.message)])
        case let refusal as Refusal: reply(ReplyError(status: refusal.status, refusal.message), refusal.issues)
        case StorageError.invalidText:
            reply(
                status: .badRequest,
                issues: [
                    Issue(
                        path: "",
                        message: "The request contains a zero character in a text that is stored; leave it out.")
                ])
        default: reply(words(for: error, path: path, logger: logger))
        }
    }

    /// An error in one sentence with its status, for answers that have begun already.
    static func words(for error: any Error, path: String, logger: Logger) -> ReplyError {
        switch error {
        case let error as ReplyError: return error
        case let issues as Issues:
            return ReplyError(status: .badRequest, issues.all.map(\.message).joined(separator: " "))
        case let refusal as Refusal: return ReplyError(status: refusal.status, refusal.message)
        case let error as TaskLifecycleError: return ReplyError(status: .badRequest, error.message)
        case let error as BatchLifecycleError: return ReplyError(status: .badRequest, error.message)
        case StorageError.full(let message): return full(message, path, logger)
        case let error as ObjectStoreError where error.code == .full: return full(error.description, path, logger)
        case StorageError.unavailable, StorageError.conflict, StorageError.missingObject:
            logger.error("the database is busy or gone", metadata: ["http.path": "\(path)", "error": "\(error)"])
            return ReplyError(status: .serviceUnavailable, "The server is busy; try again in a moment.")
        case let error as HTTPError: return ReplyError(status: error.status, error.body ?? "\(error.status)")
        default:
            logger.error(
                "request failed", metadata: ["http.path": "\(path)", "error": "\(String(reflecting: error))"])
            return ReplyError(status: .internalServerError, "Something went wrong on the server.")
        }
    }

    private static func full(_ message: String, _ path: String, _ logger: Logger) -> ReplyError {
        logger.critical("there is no room on the disk", metadata: ["http.path": "\(path)", "error": "\(message)"])
        return ReplyError(
            status: HTTPResponse.Status(code: 507),
            "The server has no room to store this: its disk is full. Nothing was stored; it goes on when there is "
                + "space again.")
    }

    static func reply(_ error: ReplyError, _ issues: [SubmissionIssue] = []) -> Reply {
        var reply = Reply.object(status: error.status) { writer in
            writer.field("status_code", error.status.code)
            writer.field("error", error.message)
            if !issues.isEmpty { writer.array("issues") { writer in issues.forEach { $0.write(to: &writer) } } }
        }
        if error.challenges { reply.headers[.wwwAuthenticate] = #"Basic realm="api""# }
        return reply
    }

    private static func reply(status: HTTPResponse.Status, issues: [Issue]) -> Reply {
        Reply.object(status: status) { writer in
            writer.field("status_code", status.code)
            writer.field("error", issues.first?.message ?? "The request cannot be used.")
            writer.array("issues") { writer in
                for issue in issues {
                    writer.object { writer in
                        writer.field("path", issue.path)
                        writer.field("message", issue.message)
                    }
                }
            }
        }
    }
}

extension Refusal {
    /// The whole mapping of refusals to HTTP, on one screen.
    var status: HTTPResponse.Status {
        switch code {
        case .notFound: .notFound
        case .duplicate, .conflict, .leaseLost: .conflict
        case .invalid: .badRequest
        case .notEnabled: HTTPResponse.Status(code: 402)
        case .forbidden: .forbidden
        case .unauthorized: .unauthorized
        case .tooMany: .tooManyRequests
        case .tooLarge: .contentTooLarge
        }
    }
}
