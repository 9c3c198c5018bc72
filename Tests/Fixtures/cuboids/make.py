"""Makes the vectors of this folder: python3 make.py (needs numpy and scipy; the result is committed).

Nothing here turns a drawing into a cuboid. Cuboids are placed in a world and projected by a camera, and the drawing is
read off the projection; the noisy cases are then fitted by a general least-squares solver that starts at the truth. So
the two implementations that read these files are measured against something that shares no formula with them.
"""

import json
import math
import pathlib

import numpy
from scipy.optimize import least_squares

HERE = pathlib.Path(__file__).parent
NAMES = ["face-tl", "face-bl", "face-tr", "face-br", "back-tl", "back-bl", "back-tr", "back-br"]
# The camera looks along its z axis with y down; this turns it so that it looks along the world's y axis with z up.
LEVEL = numpy.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])


# Cameras and projection


def turn(axis, angle):
    """A rotation matrix about one of the coordinate axes, in radians."""
    c, s = math.cos(angle), math.sin(angle)
    a, b = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = numpy.eye(3)
    matrix[a, a], matrix[a, b], matrix[b, a], matrix[b, b] = c, -s, s, c
    return matrix


def quaternion(matrix):
    """(w, x, y, z) of a rotation matrix: the eigenvector of Bar-Itzhack's symmetric matrix."""
    m = matrix
    k = numpy.array([
        [m[0, 0] - m[1, 1] - m[2, 2], 0, 0, 0],
        [m[0, 1] + m[1, 0], m[1, 1] - m[0, 0] - m[2, 2], 0, 0],
        [m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], m[2, 2] - m[0, 0] - m[1, 1], 0],
        [m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], m.trace()],
    ]) / 3
    values, vectors = numpy.linalg.eigh(k)
    x, y, z, w = vectors[:, numpy.argmax(values)]
    return numpy.array([w, x, y, z])


class Camera:
    def __init__(self, fx, fy, cx, cy, rotation, height, skew=0.0, scale=1.0, length=1.0, stated=None):
        self.matrix = numpy.array([[fx, skew, cx], [0, fy, cy], [0, 0, scale]]) / scale
        self.rotation, self.height = rotation, height
        w, x, y, z = (float(value) for value in quaternion(rotation) * length)
        intrinsics = {"fx": fx, "fy": fy, "cx": cx, "cy": cy}
        if skew != 0:
            intrinsics["skew"] = skew
        if scale != 1:
            intrinsics["scalefactor"] = scale
        self.params = {
            "camera_intrinsics": intrinsics,
            "camera_rotation_quaternion": {"w": w, "x": x, "y": y, "z": z},
            "camera_height": height if stated is None else stated,
        }

    def seen(self, world):
        """World points in the camera's frame."""
        return (world - numpy.array([0, 0, self.height])) @ self.rotation

    def project(self, points):
        """Points of the camera's frame on the picture."""
        image = points @ self.matrix.T
        return image[:, :2] / image[:, 2:]


# Cuboids: (x, y, yaw, width, length, height), the near corner on the ground, the drawn face along `width`


def corners(cuboid, mirrored):
    """World corners: near, far end of the face, far end of the side, opposite; four on the ground, then four above."""
    x, y, yaw, width, length, height = cuboid
    depth = numpy.array([math.cos(yaw), math.sin(yaw), 0])
    face = numpy.array([-depth[1], depth[0], 0]) * (-1 if mirrored else 1)
    near = numpy.array([x, y, 0])
    ground = numpy.array([near, near + width * face, near + length * depth, near + width * face + length * depth])
    return numpy.vstack([ground, ground + numpy.array([0, 0, height])])


def drawn(camera, cuboid, mirrored):
    """The seven numbers that a drawing of this cuboid has: x from the ground, y from the shared edge and the side."""
    image = camera.project(camera.seen(corners(cuboid, mirrored)))
    return numpy.array([image[0, 0], image[0, 1], image[4, 1], image[1, 0], image[2, 0], image[2, 1], image[6, 1]])


def drawing(numbers):
    near_x, bottom, top, far_x, side_x, side_bottom, side_top = (float(number) for number in numbers)
    return {
        "left": min(near_x, far_x), "top": top, "right": max(near_x, far_x), "bottom": bottom,
        "side": {"x": side_x, "top": side_top, "bottom": side_bottom},
    }


def ordered(points, numbers):
    """The eight corners in the order of NAMES, from the order of `corners`."""
    left, right = (0, 1) if numbers[0] < numbers[3] else (1, 0)
    return points[[left + 4, left, right + 4, right, left + 6, left + 2, right + 6, right + 2]]


def expected(camera, cuboid, mirrored, numbers, digits=9):
    seen = ordered(camera.seen(corners(cuboid, mirrored)), numbers)
    rows = lambda values: [[round(float(value), digits) + 0.0 for value in row] for row in values]
    return {
        "width": round(float(cuboid[3]), digits), "length": round(float(cuboid[4]), digits),
        "height": round(float(cuboid[5]), digits), "points_2d": rows(camera.project(seen)), "points_3d": rows(seen),
    }


def refined(camera, cuboid, mirrored, numbers):
    """The cuboid whose drawing is nearest to these seven numbers."""
    fit = least_squares(
        lambda guess: drawn(camera, guess, mirrored) - numbers, cuboid, method="lm", x_scale="jac",
        ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=20000)
    return fit.x, math.sqrt(float(numpy.mean(fit.fun**2)))


# Random scenes


def random_camera(random, index):
    pitch, roll = numpy.radians(random.uniform(-6, 6, 2))
    heading = random.uniform(0, 2 * math.pi)
    rotation = turn(2, heading) @ LEVEL @ turn(0, pitch) @ turn(2, roll)
    height = float(random.uniform(1, 3))
    stated = None
    if index % 10 == 3:  # a height below zero counts by its size
        stated = -height
    if index % 10 == 7:  # and none at all as 1
        height, stated = 1.0, 0
    fx = float(random.uniform(700, 1500))
    return Camera(
        fx, fx * float(random.uniform(0.98, 1.02)), float(random.uniform(900, 1020)), float(random.uniform(500, 580)),
        rotation, height, skew=float(random.uniform(-3, 3)) if index % 5 == 1 else 0.0,
        scale=2.0 if index % 4 == 2 else 1.0, length=float(random.uniform(0.2, 4)) if index % 6 == 5 else 1.0,
        stated=stated), heading


def random_cuboid(random, camera, heading):
    """A cuboid of which a corner stands nearest to the camera and the two faces beside it are seen."""
    while True:
        far, aside = random.uniform(6, 30), random.uniform(-0.6, 0.6)
        ahead = heading + math.pi / 2 + aside
        mirrored = bool(random.integers(2))
        cuboid = numpy.array([
            far * math.cos(ahead), far * math.sin(ahead), random.uniform(0, 2 * math.pi),
            random.uniform(0.4, 3), random.uniform(0.4, 6), random.uniform(0.4, 3.5)])
        world = corners(cuboid, mirrored)
        distances = numpy.hypot(world[:4, 0], world[:4, 1])
        if numpy.argmin(distances) != 0 or camera.seen(world)[:, 2].min() < 1:
            continue
        numbers = drawn(camera, cuboid, mirrored)
        # Seen from the front: the face ends on one side of the shared edge, the visible side on the other.
        if (numbers[3] - numbers[0]) * (numbers[4] - numbers[0]) >= 0:
            continue
        if min(abs(numbers[3] - numbers[0]), abs(numbers[4] - numbers[0])) < 4 or below_horizon(camera, numbers) < 0.5:
            continue
        return cuboid, mirrored, numbers


def below_horizon(camera, numbers):
    """How far the higher of the two foot rays points below the horizon, in degrees."""
    up = camera.rotation[2]
    rays = [numpy.linalg.inv(camera.matrix) @ [x, y, 1] for x, y in [numbers[0:2], numbers[4:6]]]
    return min(math.degrees(math.asin(-float(up @ ray) / float(numpy.linalg.norm(ray)))) for ray in rays)


def ideal(count):
    random = numpy.random.default_rng(20240117)
    cases = []
    for index in range(count):
        camera, heading = random_camera(random, index)
        cuboid, mirrored, numbers = random_cuboid(random, camera, heading)
        cases.append({"name": f"ideal {index + 1}", "camera": camera.params, "drawing": drawing(numbers),
                      "expected": expected(camera, cuboid, mirrored, numbers)})
    return {"tolerance": 1e-6, "cases": cases}


def noisy(count):
    random = numpy.random.default_rng(20240118)
    cases = []
    while len(cases) < count:
        camera, heading = random_camera(random, len(cases))
        cuboid, mirrored, numbers = random_cuboid(random, camera, heading)
        whole = len(cases) % 2 == 0
        measured = numpy.round(numbers) if whole else numbers + random.normal(0, 1, 7)
        if min(abs(measured[3] - measured[0]), abs(measured[4] - measured[0])) < 25 or below_horizon(camera, measured) < 1:
            continue
        fit, rms = refined(camera, cuboid, mirrored, measured)
        if fit[3:].min() < 0.2 or ordered(camera.seen(corners(fit, mirrored)), measured)[:, 2].min() < 0.5:
            continue
        cases.append({"name": f"{'whole pixels' if whole else 'noise of one pixel'} {len(cases) + 1}",
                      "camera": camera.params, "drawing": drawing(measured), "residual": round(rms, 9),
                      "expected": expected(camera, fit, mirrored, measured)})
    return {"tolerance": 1e-4, "cases": cases}


# The example that can be followed by hand

EXAMPLE = [1278, 638, 502, 1416, 1115, 602, 504]


def example_camera(**changes):
    rotation = LEVEL @ turn(0, math.radians(-2)) @ turn(2, math.radians(0.5))
    return Camera(1000, 1000, 960, 540, rotation, 1.5, **changes)


def worked_example():
    camera = example_camera()
    cuboid, mirrored = numpy.array([3.5, 11, math.radians(105), 1.8, 4.4, 1.5]), True
    numbers = numpy.array(EXAMPLE, dtype=float)
    fit, rms = refined(camera, cuboid, mirrored, numbers)
    half = Camera(1000, 1000, 960, 540, camera.rotation, 1.5, scale=2.0)
    fit_half, _ = refined(half, cuboid, mirrored, numbers / 2)
    return {
        "tolerance": 1e-4,
        "camera": camera.params,
        "drawing": drawing(numbers),
        "closed": {
            "up": [-0.008722, -0.999353, -0.034899], "near": [3.517459, 1.083997, 11.061191],
            "far": [2.367353, 0.946941, 15.273248], "width": 1.806811, "length": 4.368403, "height": 1.503301,
            "height_at_side": 1.495867, "depth": [-0.263278, -0.031374, 0.964210], "across": [0.964681, -0.017598, 0.262834],
        },
        "corners": NAMES,
        "residual": round(rms, 9),
        "expected": expected(camera, fit, mirrored, numbers),
        "half": {"camera": half.params, "drawing": drawing(numbers / 2), "expected": expected(half, fit_half, mirrored, numbers / 2)},
    }


# Drawings of which nothing is made


def degenerate():
    camera = example_camera()
    good = drawing(EXAMPLE)

    def case(name, reason, params=camera.params, **changes):
        return {"name": name, "reason": reason, "camera": params, "drawing": {**good, **changes}}

    def without(member):
        return {key: value for key, value in camera.params.items() if key != member}

    def tilted(rotation):
        return Camera(1000, 1000, 960, 540, rotation, 1.5).params

    side = lambda x, top, bottom: {"x": x, "top": top, "bottom": bottom}
    inverse = camera.rotation.T
    return {"cases": [
        case("the camera has no intrinsics", "camera-incomplete", without("camera_intrinsics")),
        case("the camera has no rotation", "camera-incomplete", without("camera_rotation_quaternion")),
        case("the camera has no height", "camera-incomplete", without("camera_height")),
        case("the camera lacks a focal length", "camera-incomplete",
             {**camera.params, "camera_intrinsics": {"fx": 1000, "cx": 960, "cy": 540}}),
        case("the rotation leads from the world to the camera", "camera-not-upright", tilted(inverse)),
        case("the camera lies on its side", "camera-not-upright", tilted(camera.rotation @ turn(2, math.radians(75)))),
        case("the camera stands on its head", "camera-not-upright", tilted(camera.rotation @ turn(2, math.pi))),
        case("only the face was drawn", "no-side", side=None),
        case("the side ends inside the face", "side-within-face", side=side(1300, 504, 602)),
        case("the side ends on the edge of the face", "side-within-face", side=side(1416, 504, 602)),
        case("the foot of the face lies above the horizon", "above-horizon", top=300, bottom=490),
        case("the foot of the side lies above the horizon", "above-horizon", side=side(1115, 430, 500)),
        case("the foot of the side lies less than a tenth of a degree below the horizon", "above-horizon",
             side=side(1115, 430, 504.6)),
        case("the face has no height", "no-volume", top=638),
        case("the face is turned over", "no-volume", top=660),
        case("the face runs behind the camera", "behind-camera", right=1500, side=side(1022, 505, 627)),
        case("the side is far too high", "heights-differ", side=side(1115, 300, 602)),
        case("the side is far too low", "heights-differ", side=side(1115, 570, 602)),
        case("the side is turned over", "heights-differ", side=side(1115, 640, 602)),
    ]}


def line(value):
    return json.dumps(value, ensure_ascii=False)


def write(name, value):
    """One case to a line, so that a change can be read."""
    parts = []
    for key, member in value.items():
        if key == "cases":
            parts.append('  "cases": [\n' + ",\n".join(f"    {line(case)}" for case in member) + "\n  ]")
        else:
            parts.append(f'  "{key}": {line(member)}')
    (HERE / name).write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    write("worked-example.json", worked_example())
    write("ideal.json", ideal(320))
    write("noisy.json", noisy(120))
    write("degenerate.json", degenerate())
