import Foundation
package import Media

extension DecoderProgram {
    /// The program, built beside the tests.
    package static let built = DecoderProgram(path: folder + "/vernier")

    private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().path
}
