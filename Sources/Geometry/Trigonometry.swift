// The C library's functions under names of their own, so that only this file depends on which library it is.
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sine of an angle in radians.
func sine(_ angle: Double) -> Double { sin(angle) }

/// The cosine of an angle in radians.
func cosine(_ angle: Double) -> Double { cos(angle) }

/// The angle of a vector in radians, from the x axis towards the y axis.
func angle(of vector: Point) -> Double { atan2(vector.y, vector.x) }
