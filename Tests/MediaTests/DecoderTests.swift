import Foundation
import Media
import TestSupport
import Testing

/// What the processes do that decode pictures, when they work and when they are taken from us.
@Suite struct DecoderTests {
    /// Lets a test have pictures whose decoders write down who they are, and a picture's file.
    ///
    /// A decoder begins with the lines of shell that are given `first`, in which `$starts` counts the starts, this one
    /// included.
    private func withPictures(
        first: String = "", limits: PictureLimits = PictureLimits(), change: (inout DecoderProgram) -> Void = { _ in },
        _ test: (_ pictures: Pictures, _ path: String, _ started: () throws -> [pid_t]) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let list = folder + "/started"
            try write(
                """
                #!/bin/sh
                echo $$ >> '\(list)'
                starts=0
                while read -r line; do starts=$((starts + 1)); done < '\(list)'
                \(first)
                exec '\(DecoderProgram.built.path)' "$@"
                """, to: folder + "/decoder")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/decoder")
            try write(try await Workshop.picture(60, 40), to: folder + "/picture")
            var program = DecoderProgram(path: folder + "/decoder")
            change(&program)
            let pictures = Pictures(decoder: program, threads: 1, limits: limits)
            do {
                try await test(pictures, folder + "/picture") {
                    try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").compactMap { pid_t($0) }
                }
            } catch {
                try await pictures.shutdown()
                throw error
            }
            try await pictures.shutdown()
        }
    }

    private func isThere(_ process: pid_t) -> Bool { kill(process, 0) == 0 }

    /// Lines of shell by which a program passes for a decoder.
    private static let saysReady = #"printf 'vernier decode\n\0' >&0"#

    @Test func `decoders are started when they are needed, serve many pictures, and are gone at the end`() async throws
    {
        var processes: [pid_t] = []
        try await withPictures { pictures, path, started async throws in
            for _ in 0..<5 { #expect(try await pictures.thumbnail(path).width == 60) }
            processes = try started()
            #expect(processes.map(isThere) == [true])
        }
        #expect(processes.map(isThere) == [false])
    }

    @Test func `a decoder has neither environment nor descriptors nor ways to more rights`() async throws {
        try await withPictures { pictures, path, started async throws in
            _ = try await pictures.probe(path)
            let place = "/proc/\(try #require(started().first))"
            let environment = try String(contentsOfFile: place + "/environ", encoding: .utf8)
            let names = environment.split(separator: "\0").compactMap { $0.split(separator: "=").first }
            // The last four are made by the shell.
            let expected: Set<Substring> = ["LC_ALL", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_"]
            #expect(Set(names).isSubset(of: expected), "\(names)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/fd").sorted() == ["0", "1", "2"])
            let status = try String(contentsOfFile: place + "/status", encoding: .utf8)
            #expect(status.contains("NoNewPrivs:\t1"))
            // A system that was built without filters of system calls has no such file.
            let hasFilters = FileManager.default.fileExists(atPath: "/proc/sys/kernel/seccomp/actions_avail")
            #expect(!hasFilters || status.contains("Seccomp:\t2"))
            let limits = try String(contentsOfFile: place + "/limits", encoding: .utf8)
            let lines = limits.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
            for (name, most) in [("core", "0"), ("address", "3221225472"), ("open", "64")] {
                #expect(lines.contains { $0.dropFirst().first == name[...] && $0.contains(most[...]) }, "\(limits)")
            }
        }
    }

    @Test(arguments: [SIGKILL, SIGSEGV, SIGABRT])
    func `a decoder that died meanwhile is replaced, and nobody notices`(signal: Int32) async throws {
        try await withPictures { pictures, path, started async throws in
            let small = try await pictures.thumbnail(path)
            kill(try #require(started().first), signal)
            #expect(try await pictures.thumbnail(path) == small)
            #expect(try started().count == 2)
        }
    }

    @Test func `signals for the server do not stop decoders`() async throws {
        try await withPictures { pictures, path, started async throws in
            _ = try await pictures.probe(path)
            let process = try #require(started().first)
            for signal in [SIGTERM, SIGINT, SIGHUP] { kill(process, signal) }
            _ = try await pictures.probe(path)
            #expect(try started().count == 1)
        }
    }

    /// A process that others end is no sign of damage: a machine that is short of memory does that.
    @Test(arguments: [("SEGV", .damaged), ("BUS", .damaged), ("KILL", .unavailable)] as [(String, PictureError.Code)])
    func `a picture that its decoder dies of is damaged, and the next one is decoded`(
        signal: String, code: PictureError.Code
    ) async throws {
        let first = """
            if [ $starts -le 2 ]; then
                \(Self.saysReady)
                head -c 1 > /dev/null
                kill -\(signal) $$
            fi
            """
        try await withPictures(first: first) { pictures, path, started async throws in
            let error = await #expect(throws: PictureError.self) { try await pictures.thumbnail(path) }
            #expect(error?.code == code)
            // It was tried with two: the first might have died of the picture before.
            #expect(try started().count == 2)
            #expect(try await pictures.thumbnail(path).width == 60)
        }
    }

    @Test func `a decoder that says nothing any more is ended`() async throws {
        try await withPictures(limits: PictureLimits(seconds: 5), change: { $0.patience = 1 }) {
            pictures, path, started async throws in
            _ = try await pictures.probe(path)
            let process = try #require(started().first)
            kill(process, SIGSTOP)
            let error = await #expect(throws: PictureError.self) { try await pictures.thumbnail(path) }
            #expect(error?.code == .tookTooLong)
            #expect(!isThere(process))
            #expect(try await pictures.thumbnail(path).width == 60)
        }
    }

    @Test(arguments: [
        // Answers that no decoder gives: too long a picture, and one that ends early.
        #"exec 3>&0; head -c 8 > /dev/null; head -c 4096 /dev/zero | tr '\0' '\377' >&3"#,
        "head -c 8 > /dev/null; printf 'abc' >&0",
    ])
    func `what is no answer is not believed`(answer: String) async throws {
        let first = "\(Self.saysReady); \(answer); exit 0"
        try await withPictures(first: first) { pictures, path, _ async throws in
            let error = await #expect(throws: PictureError.self) { try await pictures.thumbnail(path) }
            #expect(error?.code == .damaged)
        }
    }

    @Test func `a picture that takes too much memory is damaged, and the next one is decoded`() async throws {
        let limits = PictureLimits(pixels: 1 << 40, wholePixels: 1 << 40)
        try await withPictures(limits: limits, change: { $0.memory = 1 << 30 }) { pictures, path, _ async throws in
            try await withFolder { folder in
                // Less than a hundred bytes that claim 3.6 GB: 30,000 × 30,000 pixels of canvas and of the first frame.
                var bytes = FileForms.gif(frames: 1)
                for place in [6, 24] { bytes.replaceSubrange(place..<place + 4, with: [0x30, 0x75, 0x30, 0x75]) }
                try write(bytes, to: folder + "/large")
                let error = await #expect(throws: PictureError.self) {
                    try await pictures.thumbnail(folder + "/large")
                }
                #expect(error?.code == .damaged)
            }
            #expect(try await pictures.thumbnail(path).width == 60)
        }
    }

    @Test func `a decoder is replaced after some pictures`() async throws {
        try await withPictures(change: { $0.lifetime = 2 }) { pictures, path, started async throws in
            for _ in 0..<5 { _ = try await pictures.probe(path) }
            let processes = try started()
            #expect(processes.count == 3)
            #expect(processes.map(isThere) == [false, false, true])
        }
    }

    @Test(arguments: ["/nowhere/at/all", "/bin/true", "/bin/pwd"])
    func `what is no decoder is not the picture's fault`(path: String) async throws {
        let pictures = Pictures(decoder: DecoderProgram(path: path), threads: 1)
        try await withPictures { _, picture, _ async throws in
            let error = await #expect(throws: PictureError.self) { try await pictures.probe(picture) }
            #expect(error?.code == .unavailable)
        }
        await #expect(throws: PictureError.self) { try await pictures.check() }
        try await pictures.shutdown()
    }

    @Test func `what a process that was killed has left is removed by the next one`() async throws {
        let temporary = FileManager.default.temporaryDirectory.path
        let left = "\(temporary)/vernier-decoders-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: left + "/1", withIntermediateDirectories: true)
        try await withPictures { pictures, path, _ async throws in _ = try await pictures.probe(path) }
        #expect(!FileManager.default.fileExists(atPath: left))
    }
}
