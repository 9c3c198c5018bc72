import Media
import Testing

@Suite struct ResolverTests {
    @Test func `the system knows this machine`() async throws {
        let addresses = try await SystemResolver(threads: 2).resolve("localhost")
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { ["127.0.0.1", "::1"].contains($0.description) })
    }

    @Test func `many who ask at once get the same answer`() async throws {
        let resolver = SystemResolver(threads: 1)
        let answers = try await withThrowingTaskGroup(of: [IPAddress].self) { group in
            for _ in 0..<100 { group.addTask { try await resolver.resolve("localhost") } }
            return try await group.reduce(into: Set<[IPAddress]>()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
    }

    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::ffff:1.2.3.4", "::ffff:102:304"),
        ("fe80:0:0:0:0:0:0:0", "fe80::"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ])
    func `an address is written in its canonical form`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..3.4", "::1%lo", ":::", "[::1]", "g::",
    ])
    func `what is not an address is none`(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
