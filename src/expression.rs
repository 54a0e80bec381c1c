//! Driver expressions that Blender evaluates without Python: numbers, variables, arithmetic,
//! comparisons, `and`, `or`, `not`, `a if c else b`, and some functions.
//!
//! The grammar is Python's, without `%`, `//`, `**` and everything that is no number. Calculations
//! are in double precision; variables are single.

use core::f64::consts::PI;

/// A function with a fixed number of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Radians,
    Degrees,
    Abs,
    Floor,
    Ceil,
    Trunc,
    Round,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Exp,
    Log,
    LogOf,
    Sqrt,
    Pow,
    Fmod,
    Lerp,
    Clamp,
    ClampTo,
    SmoothStep,
}

/// By name and number of arguments.
const FUNCTIONS: [(&str, usize, Function); 26] = [
    ("radians", 1, Function::Radians),
    ("degrees", 1, Function::Degrees),
    ("abs", 1, Function::Abs),
    ("fabs", 1, Function::Abs),
    ("floor", 1, Function::Floor),
    ("ceil", 1, Function::Ceil),
    ("trunc", 1, Function::Trunc),
    ("int", 1, Function::Trunc),
    ("round", 1, Function::Round),
    ("sin", 1, Function::Sin),
    ("cos", 1, Function::Cos),
    ("tan", 1, Function::Tan),
    ("asin", 1, Function::Asin),
    ("acos", 1, Function::Acos),
    ("atan", 1, Function::Atan),
    ("atan2", 2, Function::Atan2),
    ("exp", 1, Function::Exp),
    ("log", 1, Function::Log),
    ("log", 2, Function::LogOf),
    ("sqrt", 1, Function::Sqrt),
    ("pow", 2, Function::Pow),
    ("fmod", 2, Function::Fmod),
    ("lerp", 3, Function::Lerp),
    ("clamp", 1, Function::Clamp),
    ("clamp", 3, Function::ClampTo),
    ("smoothstep", 3, Function::SmoothStep),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Number(f64),
    Variable(usize),
    Frame,
    Negative(Box<Node>),
    Not(Box<Node>),
    Arithmetic(Operator, Box<Node>, Box<Node>),
    /// The first operand, then each comparison with its right one.
    Compare(Box<Node>, Vec<(Comparison, Node)>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    /// Condition, then, else.
    Choice(Box<[Node; 3]>),
    Call(Function, Vec<Node>),
    Min(Vec<Node>),
    Max(Vec<Node>),
}

/// An expression ready to be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    root: Node,
}

/// Why there is no value: the square root of -1, a division by zero.
struct Undefined;

type Value = Result<f64, Undefined>;

impl Expression {
    /// Reads an expression. `variables` are the names of the variables; they hide constants and
    /// functions of the same name. `None` if Blender would need Python for it.
    pub fn parse<S: AsRef<str>>(text: &str, variables: &[S]) -> Option<Self> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0, variables, depth: 0 };
        let root = parser.choice()?;
        (parser.at == parser.tokens.len()).then_some(Self { root })
    }

    /// Whether the value depends on the frame.
    pub fn uses_frame(&self) -> bool {
        uses_frame(&self.root)
    }

    /// The value; 0 if it is undefined or not finite, as Blender has it.
    pub fn evaluate(&self, variables: &[f32], frame: f32) -> f32 {
        let scope = Scope { variables, frame };
        match scope.value(&self.root) {
            Ok(value) if value.is_finite() => value as f32,
            _ => 0.0,
        }
    }
}

fn uses_frame(node: &Node) -> bool {
    match node {
        Node::Frame => true,
        Node::Number(_) | Node::Variable(_) => false,
        Node::Negative(a) | Node::Not(a) => uses_frame(a),
        Node::Arithmetic(_, a, b) | Node::And(a, b) | Node::Or(a, b) => {
            uses_frame(a) || uses_frame(b)
        }
        Node::Compare(a, rest) => uses_frame(a) || rest.iter().any(|(_, b)| uses_frame(b)),
        Node::Choice(parts) => parts.iter().any(uses_frame),
        Node::Call(_, list) | Node::Min(list) | Node::Max(list) => list.iter().any(uses_frame),
    }
}

struct Scope<'a> {
    variables: &'a [f32],
    frame: f32,
}

/// A result, unless it is no number though its operands are.
fn defined(result: f64, operands: &[f64]) -> Value {
    let broken = result.is_nan() && !operands.iter().any(|operand| operand.is_nan());
    if broken { Err(Undefined) } else { Ok(result) }
}

fn divide(a: f64, b: f64) -> Value {
    if b == 0.0 { Err(Undefined) } else { defined(a / b, &[a, b]) }
}

fn logarithm(x: f64) -> Value {
    if x == 0.0 { Err(Undefined) } else { defined(x.ln(), &[x]) }
}

impl Scope<'_> {
    fn value(&self, node: &Node) -> Value {
        let truth = |value: bool| Ok(f64::from(u8::from(value)));
        match node {
            Node::Number(number) => Ok(*number),
            Node::Variable(index) => {
                Ok(self.variables.get(*index).copied().unwrap_or_default().into())
            }
            Node::Frame => Ok(self.frame.into()),
            Node::Negative(a) => Ok(-self.value(a)?),
            Node::Not(a) => truth(self.value(a)? == 0.0),
            Node::Arithmetic(operator, a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                match operator {
                    Operator::Add => defined(a + b, &[a, b]),
                    Operator::Subtract => defined(a - b, &[a, b]),
                    Operator::Multiply => defined(a * b, &[a, b]),
                    Operator::Divide => divide(a, b),
                }
            }
            Node::Compare(first, rest) => {
                let mut left = self.value(first)?;
                for (comparison, right) in rest {
                    let right = self.value(right)?;
                    if !comparison.holds(left, right) {
                        return truth(false);
                    }
                    left = right;
                }
                truth(true)
            }
            Node::And(a, b) => match self.value(a)? {
                0.0 => Ok(0.0),
                _ => self.value(b),
            },
            Node::Or(a, b) => match self.value(a)? {
                0.0 => self.value(b),
                value => Ok(value),
            },
            Node::Choice(parts) => {
                let [condition, then, otherwise] = &**parts;
                self.value(if self.value(condition)? == 0.0 { otherwise } else { then })
            }
            Node::Call(function, list) => {
                let mut arguments = [0.0; 3];
                for (argument, node) in arguments.iter_mut().zip(list) {
                    *argument = self.value(node)?;
                }
                let [x, y, z] = arguments;
                defined(function.apply(x, y, z)?, &arguments)
            }
            Node::Min(list) => self.pick(list, |a, b| a < b),
            Node::Max(list) => self.pick(list, |a, b| a > b),
        }
    }

    fn pick(&self, list: &[Node], better: fn(f64, f64) -> bool) -> Value {
        let mut best = self.value(&list[0])?;
        for node in &list[1..] {
            let value = self.value(node)?;
            best = if better(value, best) { value } else { best };
        }
        Ok(best)
    }
}

impl Comparison {
    fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterEqual => a >= b,
            Self::Equal => a == b,
            Self::NotEqual => a != b,
        }
    }
}

/// `x` between the limits, of which the lower one wins if it is the greater.
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}

impl Function {
    fn apply(self, x: f64, y: f64, z: f64) -> Value {
        Ok(match self {
            Self::Radians => x * (PI / 180.0),
            Self::Degrees => x * (180.0 / PI),
            Self::Abs => x.abs(),
            Self::Floor => x.floor(),
            Self::Ceil => x.ceil(),
            Self::Trunc => x.trunc(),
            // Halves go away from zero, not to the even number as in Python.
            Self::Round => x.round(),
            Self::Sin => x.sin(),
            Self::Cos => x.cos(),
            Self::Tan => x.tan(),
            Self::Asin => x.asin(),
            Self::Acos => x.acos(),
            Self::Atan => x.atan(),
            Self::Atan2 => x.atan2(y),
            Self::Exp => x.exp(),
            Self::Log => logarithm(x)?,
            Self::LogOf => divide(logarithm(x)?, logarithm(y)?)?,
            Self::Sqrt => x.sqrt(),
            Self::Pow if x == 0.0 && y < 0.0 => return Err(Undefined),
            Self::Pow => x.powf(y),
            Self::Fmod => x % y,
            Self::Lerp => x * (1.0 - z) + y * z,
            Self::Clamp => clamp(x, 0.0, 1.0),
            Self::ClampTo => clamp(x, y, z),
            Self::SmoothStep => {
                let t = clamp(divide(z - x, y - x)?, 0.0, 1.0);
                (3.0 - 2.0 * t) * (t * t)
            }
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'a> {
    Number(f64),
    Name(&'a str),
    Sign(&'a str),
}

/// How many bytes of the text a number takes; 0 if none begins there. `None` for whole numbers
/// with zeroes in front, which Python refuses.
fn number_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let whole = digits(0);
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if whole + fraction == 0 {
            return Some(0);
        }
        end += 1 + fraction;
    }
    if end == 0 {
        return Some(0);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let padded = end == whole && bytes[0] == b'0' && text[..end].bytes().any(|b| b != b'0');
    (!padded).then_some(end)
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    const SIGNS: [&str; 14] =
        ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "**"];
    let mut rest = text.trim_ascii();
    let mut tokens = Vec::new();
    while let Some(first) = rest.bytes().next() {
        if tokens.len() > LONGEST {
            return None;
        }
        let length = number_length(rest)?;
        let length = if length > 0 {
            tokens.push(Token::Number(rest[..length].parse().ok()?));
            length
        } else if first.is_ascii_alphabetic() || first == b'_' {
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let length = rest.bytes().take_while(|byte| is_part(byte)).count();
            tokens.push(Token::Name(&rest[..length]));
            length
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            if rest.starts_with("**") || rest.starts_with("//") {
                return None;
            }
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest[length..].trim_ascii_start();
    }
    Some(tokens)
}

struct Parser<'a, S> {
    tokens: Vec<Token<'a>>,
    at: usize,
    variables: &'a [S],
    depth: usize,
}

/// Deeper and longer expressions are refused; Blender's texts have at most 255 characters.
const DEEPEST: usize = 128;
const LONGEST: usize = 512;

impl<S: AsRef<str>> Parser<'_, S> {
    /// Steps over a sign or word if it comes next.
    fn take(&mut self, what: &str) -> bool {
        let found = match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) => *sign == what,
            Some(Token::Name(name)) => *name == what,
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    /// `or [if or else choice]`
    fn choice(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let then = self.or()?;
        let node = if self.take("if") {
            let condition = self.or()?;
            if !self.take("else") {
                return None;
            }
            Node::Choice(Box::new([condition, then, self.choice()?]))
        } else {
            then
        };
        self.depth -= 1;
        Some(node)
    }

    fn or(&mut self) -> Option<Node> {
        let mut left = self.and()?;
        while self.take("or") {
            left = Node::Or(left.into(), self.and()?.into());
        }
        Some(left)
    }

    fn and(&mut self) -> Option<Node> {
        let mut left = self.not()?;
        while self.take("and") {
            left = Node::And(left.into(), self.not()?.into());
        }
        Some(left)
    }

    fn not(&mut self) -> Option<Node> {
        let mut inverted = 0;
        while self.take("not") {
            inverted += 1;
            if inverted > DEEPEST {
                return None;
            }
        }
        let mut node = self.comparison()?;
        for _ in 0..inverted {
            node = Node::Not(node.into());
        }
        Some(node)
    }

    fn comparison(&mut self) -> Option<Node> {
        const SIGNS: [(&str, Comparison); 6] = [
            ("<", Comparison::Less),
            ("<=", Comparison::LessEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterEqual),
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
        ];
        let first = self.sum()?;
        let mut rest = Vec::new();
        while let Some((_, comparison)) = SIGNS.iter().find(|(sign, _)| self.take(sign)) {
            rest.push((*comparison, self.sum()?));
        }
        Some(if rest.is_empty() { first } else { Node::Compare(first.into(), rest) })
    }

    fn sum(&mut self) -> Option<Node> {
        let mut left = self.product()?;
        loop {
            let operator = match () {
                () if self.take("+") => Operator::Add,
                () if self.take("-") => Operator::Subtract,
                () => return Some(left),
            };
            left = Node::Arithmetic(operator, left.into(), self.product()?.into());
        }
    }

    fn product(&mut self) -> Option<Node> {
        let mut left = self.signed()?;
        loop {
            let operator = match () {
                () if self.take("*") => Operator::Multiply,
                () if self.take("/") => Operator::Divide,
                () => return Some(left),
            };
            left = Node::Arithmetic(operator, left.into(), self.signed()?.into());
        }
    }

    fn signed(&mut self) -> Option<Node> {
        let mut negative = false;
        loop {
            if self.take("-") {
                negative = !negative;
            } else if !self.take("+") {
                break;
            }
        }
        let node = self.atom()?;
        Some(if negative { Node::Negative(node.into()) } else { node })
    }

    fn atom(&mut self) -> Option<Node> {
        if self.take("(") {
            let node = self.choice()?;
            return self.take(")").then_some(node);
        }
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Token::Number(number) => Some(Node::Number(number)),
            Token::Sign(_) => None,
            Token::Name(name) => self.name(name),
        }
    }

    fn name(&mut self, name: &str) -> Option<Node> {
        if let Some(index) = self.variables.iter().position(|known| known.as_ref() == name) {
            return Some(Node::Variable(index));
        }
        match name {
            "pi" => return Some(Node::Number(PI)),
            "True" => return Some(Node::Number(1.0)),
            "False" => return Some(Node::Number(0.0)),
            "frame" => return Some(Node::Frame),
            _ => {}
        }
        if !self.take("(") {
            return None;
        }
        let mut list = vec![self.choice()?];
        while self.take(",") {
            list.push(self.choice()?);
        }
        if !self.take(")") {
            return None;
        }
        match name {
            "min" => return Some(Node::Min(list)),
            "max" => return Some(Node::Max(list)),
            _ => {}
        }
        let fits =
            |(known, count, _): &&(&str, usize, Function)| *known == name && *count == list.len();
        FUNCTIONS.iter().find(fits).map(|(_, _, function)| Node::Call(*function, list))
    }
}

#[cfg(test)]
#[path = "expression_tests.rs"]
mod tests;
