import NIOPosix

extension NIOThreadPool {
    /// Runs blocking work on the pool and returns what it gives.
    ///
    /// Work that has been asked for is done even if the caller is cancelled meanwhile: here it closes files, removes
    /// what is half written, or takes so little time that stopping it would not help.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            submit { state in
                switch state {
                case .active: continuation.resume(with: Swift.Result(catching: work))
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        }
    }
}
