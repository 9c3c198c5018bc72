import Foundation
import NIOCore
import NIOPosix
import Storage

/// One message to one address.
struct Mail: Sendable {
    let id: String
    let recipient: String
    let subject: String
    let type: String
    let body: String

    /// Hands the message to a sendmail-compatible command; the recipient was checked to be an address that is no option.
    ///
    /// - Returns: What went wrong, or nil.
    func send(by command: String) async -> String? {
        do {
            let status = try await NIOThreadPool.singleton.runIfActive { try run(command) }
            return status == 0 ? nil : "The mail command ended with status \(status)."
        } catch {
            return "The mail command could not be run."
        }
    }

    private var text: Data {
        Data(
            """
            To: \(recipient)
            Subject: \(Self.encoded(subject))
            Message-ID: <\(id)@vernier>
            MIME-Version: 1.0
            Content-Type: \(type); charset=utf-8
            Content-Transfer-Encoding: 8bit

            \(body)

            """.utf8)
    }

    /// A header's text in the encoded words of RFC 2047 where it is not plain ASCII; line ends never get into it.
    static func encoded(_ text: String) -> String {
        let line = text.replacing(/[\r\n]+/, with: " ")
        return line.utf8.allSatisfy { $0 < 0x80 } ? line : "=?utf-8?B?\(Data(line.utf8).base64EncodedString())?="
    }

    private func run(_ command: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = ["-i", "--", recipient]
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: text)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// How invitations get to people by mail.
package struct InvitationMail: Sendable {
    let sealer: Sealer
    let jobs: JobSignal
    /// Where this server is reached from outside.
    let publicURL: String

    /// Stores the job that sends a link; what the link is stays sealed, since only its hash may be kept.
    func enqueue(
        _ token: String, to member: MemberRow, account: String, realm: Int64, in db: any Connection, now: Timestamp
    )
        throws
    {
        let job = NewJob(
            id: Identifier.make(now), kind: JobKind.mailInvitation.rawValue, realm: realm, subject: member.user.id,
            runAt: now)
        let text = """
            You were invited to label data in "\(account)".

            Open this link to come in; it is for you alone and holds for two weeks:
            \(publicURL)/#/invitation/\(token)
            """
        var sealed = job
        sealed.payload = try sealer.seal(text, for: "mail:\(job.id)")
        try db.enqueue([sealed], at: now)
    }
}

extension WorkEnvironment {
    /// How invitations are mailed; nil where mail cannot be sent.
    package var invitationMail: InvitationMail? {
        sendmail == nil ? nil : InvitationMail(sealer: sealer, jobs: jobs, publicURL: links.publicURL)
    }
}
