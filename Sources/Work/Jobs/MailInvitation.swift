import Storage

/// Mails an invitation's link, again and again for some hours until the mail command takes it.
struct MailInvitation {
    let environment: WorkEnvironment

    private static let mostAttempts = 10

    func run(_ job: JobRow) async throws {
        let user = try await environment.database.read { db in try db.user(job.subject) }
        let problem = try await send(job, to: user)
        if let problem, job.attempts < Self.mostAttempts {
            throw JobRetry(
                delay: Backoff.delay(afterAttempt: job.attempts, first: 10, most: 3600), reason: problem)
        }
        let now = environment.now()
        try await environment.database.write { db in
            try job.finish(in: db)
            guard problem != nil, let realm = job.realm else { return }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: "program", objectKind: "member", objectID: job.subject,
                    action: "member.mail_failed"))
        }
    }

    /// Returns what went wrong, or nil; somebody who is gone needs no mail.
    private func send(_ job: JobRow, to user: UserRow?) async throws -> String? {
        guard let user, let command = environment.sendmail else { return nil }
        let body = try environment.sealer.open(job.payload, for: "mail:\(job.id)")
        return await Mail(
            id: job.id, recipient: user.email, subject: "Your invitation", type: "text/plain", body: body
        ).send(by: command)
    }
}
