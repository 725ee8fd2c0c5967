import { Gallery } from "../gallery/gallery.tsx";

export default function GalleryPage() {
  return <Gallery />;
}
