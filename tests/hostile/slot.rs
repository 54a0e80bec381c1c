//! A good call as data: what each argument is, so that each can be spoilt in turn.

use crate::common::header::Header;
use bytemuck::Pod;

/// What a buffer is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    In,
    /// Input whose contents must be true, such as addresses; never spoilt.
    Fixed,
    Out,
    /// Written also when the call is refused, such as `needed`.
    Needed,
}

/// One argument, or one field of a view.
#[derive(Clone, Debug)]
pub enum Slot {
    Buffer {
        bytes: Vec<u8>,
        align: usize,
        role: Role,
        required: bool,
    },
    /// Fields by name; those not named are zero.
    View {
        name: &'static str,
        fields: Vec<(&'static str, Slot)>,
        required: bool,
    },
    /// Elements of the smallest size that it counts; more than memory holds must be refused.
    Count {
        value: usize,
        element: usize,
    },
    /// What a buffer of the caller holds; less must be answered, more cannot be noticed.
    Room(usize),
    /// One of a few numbers; others must be refused.
    Choice(u64),
    /// Any number will do.
    Number(u64),
    Float(f32),
    /// A living handle: only NULL can be told from it for sure.
    Handle(usize),
}

/// Input that must be there.
pub fn need<T: Pod>(values: &[T]) -> Slot {
    buffer(values, Role::In, true)
}

/// Input that must be there, and addresses that it holds be followed.
pub fn addresses(values: &[usize]) -> Slot {
    buffer(values, Role::Fixed, true)
}

/// Input that may be absent.
pub fn may<T: Pod>(values: &[T]) -> Slot {
    buffer(values, Role::In, false)
}

/// Output, or input and output, that must be there.
pub fn out<T: Pod>(values: &[T]) -> Slot {
    buffer(values, Role::Out, true)
}

/// Output, or input and output, that may be absent.
pub fn may_out<T: Pod>(values: &[T]) -> Slot {
    buffer(values, Role::Out, false)
}

/// `size_t *needed`.
pub fn needed() -> Slot {
    buffer(&[0usize], Role::Needed, false)
}

/// A count of elements of at least `element` bytes.
pub fn count(value: usize, element: usize) -> Slot {
    Slot::Count { value, element }
}

/// A view that must be there.
pub fn view(name: &'static str, fields: Vec<(&'static str, Slot)>) -> Slot {
    Slot::View { name, fields, required: true }
}

/// A view that may be absent.
pub fn may_view(name: &'static str, fields: Vec<(&'static str, Slot)>) -> Slot {
    Slot::View { name, fields, required: false }
}

fn buffer<T: Pod>(values: &[T], role: Role, required: bool) -> Slot {
    let bytes = bytemuck::cast_slice(values).to_vec();
    Slot::Buffer { bytes, align: align_of::<T>(), role, required }
}

/// A good call.
pub struct Case {
    pub name: &'static str,
    pub slots: Vec<Slot>,
    pub call: fn(&[u64]) -> i32,
}

/// `case!(module::function(slot, slot, ...))`: the arguments in the order of the header.
#[macro_export]
macro_rules! case {
    ($($function:ident)::+ ($($slot:expr),* $(,)?)) => {{
        #[allow(unused_mut, unused_unsafe, unused_variables)]
        fn call(values: &[u64]) -> i32 {
            let mut values = values.iter();
            // SAFETY: refusing these arguments without harm is what the test asks for.
            unsafe {
                limber::capi::$($function)::+($({
                    let _ = stringify!($slot);
                    $crate::slot::Argument::from_bits(*values.next().expect("an argument"))
                }),*)
            }
        }
        let name = stringify!($($function)::+).rsplit(':').next().unwrap_or_default().trim();
        $crate::slot::Case { name, slots: vec![$($slot),*], call }
    }};
}

/// An argument of a C function, from the bits of a slot.
pub trait Argument {
    fn from_bits(bits: u64) -> Self;
}

impl<T> Argument for *const T {
    fn from_bits(bits: u64) -> Self {
        bits as usize as *const T
    }
}

impl<T> Argument for *mut T {
    fn from_bits(bits: u64) -> Self {
        bits as usize as *mut T
    }
}

macro_rules! integers {
    ($($type:ty),*) => {
        $(impl Argument for $type {
            fn from_bits(bits: u64) -> Self {
                bits as $type
            }
        })*
    };
}
integers!(u8, i8, u32, i32, u64, i64, usize);

impl Argument for f32 {
    fn from_bits(bits: u64) -> Self {
        f32::from_bits(bits as u32)
    }
}

impl Argument for f64 {
    fn from_bits(bits: u64) -> Self {
        f64::from_bits(bits)
    }
}

/// Where a slot's value goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Argument(usize),
    Field { view: usize, offset: usize, size: usize },
}

/// A slot with its place, in a flat list.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub path: String,
    pub place: Place,
    pub slot: Slot,
    /// Bytes of the struct, of a view.
    pub size: usize,
}

/// The slots of a call and of its views, views before their fields.
pub fn flatten(case: &Case, header: &Header) -> Vec<Leaf> {
    let parameters = header.functions.get(case.name).expect(case.name);
    assert_eq!(parameters.len(), case.slots.len(), "arguments of {}", case.name);
    let mut leaves = Vec::new();
    for (index, slot) in case.slots.iter().enumerate() {
        let path = parameters[index].name.clone();
        push(&mut leaves, header, path, Place::Argument(index), slot);
    }
    leaves
}

fn push(leaves: &mut Vec<Leaf>, header: &Header, path: String, place: Place, slot: &Slot) {
    let me = leaves.len();
    leaves.push(Leaf { path: path.clone(), place, slot: slot.clone(), size: 0 });
    let Slot::View { name, fields, .. } = slot else { return };
    let (layout, size) = layout(header, name);
    leaves[me].size = size;
    for (field, slot) in fields {
        let (_, offset, bytes) = layout
            .iter()
            .find(|(known, ..)| known == field)
            .unwrap_or_else(|| panic!("{name} has no field {field}"));
        let place = Place::Field { view: me, offset: *offset, size: *bytes };
        push(leaves, header, format!("{path}.{field}"), place, slot);
    }
}

/// Fields of a C struct with offset and size, and the size of the whole.
fn layout(header: &Header, name: &str) -> (Vec<(String, usize, usize)>, usize) {
    let fields = header.structs.get(name).unwrap_or_else(|| panic!("no struct {name}"));
    let (mut end, mut largest) = (0usize, 1usize);
    let mut list = Vec::new();
    for field in fields {
        // Of an array the first element stands for all.
        let size = match field.kind.as_str() {
            kind if kind.ends_with('*') => size_of::<usize>(),
            "size_t" => size_of::<usize>(),
            "double" | "uint64_t" | "int64_t" => 8,
            "float" | "uint32_t" | "int32_t" => 4,
            "uint8_t" | "int8_t" | "char" => 1,
            other => panic!("{name}.{}: what is {other}?", field.name),
        };
        let offset = end.next_multiple_of(size);
        list.push((field.name.clone(), offset, size));
        end = offset + size * field.count;
        largest = largest.max(size);
    }
    (list, end.next_multiple_of(largest))
}
