//! The gradient noise of the Noise modifier.
//!
//! Source: Ken Perlin, "Improving Noise" (2002), with Bob Jenkins' lookup3 hash in place of the
//! permutation table, as Blender does since 4.4.

/// Fractal sum of 2-D gradient noise, normalised to about 0..1 with 0.5 in the middle.
///
/// Octaves 0 to `depth`; each has `roughness` times the amplitude and `lacunarity` times the
/// frequency of the one before it.
pub fn fractal(x: f32, y: f32, depth: u16, roughness: f32, lacunarity: f32) -> f32 {
    let (mut frequency, mut amplitude) = (1.0f32, 1.0f32);
    let (mut sum, mut most) = (0.0f32, 0.0f32);
    for _ in 0..=depth {
        sum += amplitude * signed(frequency * x, frequency * y);
        most += amplitude;
        amplitude *= roughness;
        frequency *= lacunarity;
    }
    0.5 * sum / most + 0.5
}

/// Keeps cell numbers small enough for float32 to tell them apart.
fn wrap(x: f32) -> f32 {
    let jitter = if x.abs() >= 1_000_000.0 { 0.5 } else { 0.0 };
    x % 100_000.0 + jitter
}

/// One octave, about -1..1.
fn signed(x: f32, y: f32) -> f32 {
    let (x, y) = (wrap(x), wrap(y));
    let (cell_x, cell_y) = (x.floor(), y.floor());
    let (dx, dy) = (x - cell_x, y - cell_y);
    let (ix, iy) = (cell_x as i32, cell_y as i32);
    let corner = |i: i32, j: i32| {
        let hash = hash(ix.wrapping_add(i) as u32, iy.wrapping_add(j) as u32);
        gradient(hash, dx - i as f32, dy - j as f32)
    };
    let (u, v) = (fade(dx), fade(dy));
    let near = (1.0 - u) * corner(0, 0) + u * corner(1, 0);
    let far = (1.0 - u) * corner(0, 1) + u * corner(1, 1);
    0.6616 * ((1.0 - v) * near + v * far)
}

/// The polynomial in brackets is f64, as in Blender.
fn fade(t: f32) -> f32 {
    let d = f64::from(t);
    (f64::from(t * t * t) * (d * (d * 6.0 - 15.0) + 10.0)) as f32
}

fn gradient(hash: u32, dx: f32, dy: f32) -> f32 {
    let h = hash & 7;
    let (u, v) = if h < 4 { (dx, 2.0 * dy) } else { (dy, 2.0 * dx) };
    (if h & 1 != 0 { -u } else { u }) + (if h & 2 != 0 { -v } else { v })
}

/// lookup3's final mix of two words.
fn hash(x: u32, y: u32) -> u32 {
    let start = 0xdead_beef_u32.wrapping_add(2 << 2).wrapping_add(13);
    let (mut a, mut b, mut c) = (start.wrapping_add(x), start.wrapping_add(y), start);
    let mix = |p: u32, q: u32, bits: u32| (p ^ q).wrapping_sub(q.rotate_left(bits));
    c = mix(c, b, 14);
    a = mix(a, c, 11);
    b = mix(b, a, 25);
    c = mix(c, b, 16);
    a = mix(a, c, 4);
    b = mix(b, a, 14);
    mix(c, b, 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_vanishes_on_the_lattice_and_is_bounded_and_continuous() {
        for i in -20..20 {
            assert_eq!(signed(i as f32, (i * 7) as f32), 0.0);
        }
        let mut last = signed(-3.0, 0.3);
        for i in 1..6000 {
            let value = signed(-3.0 + i as f32 * 0.001, 0.3);
            assert!(value.abs() <= 1.0 && (value - last).abs() < 0.01);
            last = value;
        }
    }

    #[test]
    fn octaves_are_weighted_means() {
        let (x, y) = (3.7, 0.4);
        let both = fractal(x, y, 1, 0.5, 2.0);
        let first = fractal(x, y, 0, 0.5, 2.0) - 0.5;
        let second = fractal(2.0 * x, 2.0 * y, 0, 0.5, 2.0) - 0.5;
        assert!((both - 0.5 - (first + 0.5 * second) / 1.5).abs() < 1e-6);
    }

    #[test]
    fn far_away_and_broken_coordinates_return() {
        for x in [1e6, -1e7, 1e30, f32::INFINITY, f32::NAN] {
            let _ = fractal(x, x, 3, 0.5, 2.0);
        }
    }
}
