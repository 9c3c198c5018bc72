import Storage

/// Lets tasks be found by their words that are older than the table of words.
struct FillWords {
    let environment: WorkEnvironment
    private static let portion = 200

    func run(_ job: JobRow) async throws {
        var place = job.payload
        while true {
            let now = environment.now()
            let next = try await environment.database.write { [place] db -> String? in
                guard let last = try db.fillWords(after: place, limit: Self.portion) else {
                    try job.finish(in: db)
                    return nil
                }
                let until = now.adding(seconds: JobKind.leaseSeconds)
                guard try db.renewJob(job.id, token: job.leaseToken ?? "", until: until, payload: last) else {
                    throw JobLost()
                }
                return last
            }
            guard let next else { return }
            place = next
        }
    }
}
